import type { Router } from 'express'
import { writeSettings, readSettings, type State } from '../state/state.ts'
import { ControlError } from './input.ts'

/** What WeCom's backend hands the administrator for the root of the trusted domain (WECOM.md 5.9). */
const PROOF = 'k3Xb7QfA9sLmP2Zd'
const FILE = `WW_verify_${PROOF}.txt`

/** 可信域名: until its owner is known, logins work and JS-SDK does not (85005). */
export function domainControl(router: Router, state: State): void {
  router.get('/domain', (_request, response) => {
    const { domainVerified: verified } = readSettings(state)
    response.json({ file: FILE, content: PROOF, verified })
  })
  /** Fetches the file from the app, as the backend does when the administrator says that it is there. */
  router.post('/domain/verify', async (_request, response) => {
    const wrong = await lookForProof(`${state.appUrl}/${FILE}`)
    writeSettings(state, { domainVerified: !wrong })
    if (wrong) throw new ControlError(wrong)
    response.json({ ok: true })
  })
}

async function lookForProof(url: string): Promise<string | undefined> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(5000) })
    const text = await reply.text()
    if (reply.ok && text.trim() === PROOF) return undefined
    return `${url} answered HTTP ${reply.status}, and not the content of the file`
  } catch (error) {
    return `${url} is out of reach: ${(error as Error).message}`
  }
}
