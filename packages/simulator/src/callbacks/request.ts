import { readSettings, type CallbackAddress, type State } from '../state/state.ts'
import { encrypt, sign } from './cipher.ts'
import type { SentRequest } from './log.ts'
import { toXml } from './xml.ts'

interface Sealed {
  encrypted: string
  query: URLSearchParams
}

/** Encrypts for the app and signs with its token, freshly each time. */
function seal(state: State, { token, aesKey }: CallbackAddress, plain: string): Sealed {
  const encrypted = encrypt(aesKey, plain, state.corp.corpId)
  const timestamp = String(Math.floor(state.now() / 1000))
  const nonce = String(Math.floor(Math.random() * 1e10))
  const signature = sign(token, timestamp, nonce, encrypted)
  return { encrypted, query: new URLSearchParams({ msg_signature: signature, timestamp, nonce }) }
}

const withQuery = (url: string, query: URLSearchParams): string => `${url}${url.includes('?') ? '&' : '?'}${query}`

/** An event as it goes over the wire (WECOM.md 4.3). */
export function eventRequest(state: State, address: CallbackAddress, plain: string): SentRequest {
  const { encrypted, query } = seal(state, address, plain)
  const { corpId, agentId } = state.corp
  const body = toXml({ xml: { ToUserName: corpId, AgentID: String(agentId), Encrypt: encrypted } })
  return { url: withQuery(address.url, query), body }
}

/** What WeCom's backend says when 接收消息 is saved: it asks the address to decrypt something (WECOM.md 4.2). */
export async function verifyAddress(state: State, address: CallbackAddress): Promise<string | undefined> {
  const plain = String(Math.floor(Math.random() * 1e16))
  const { encrypted, query } = seal(state, address, plain)
  query.set('echostr', encrypted)
  try {
    const reply = await fetch(withQuery(address.url, query), { signal: AbortSignal.timeout(1000), redirect: 'error' })
    if (reply.status !== 200) return `the address answered HTTP ${reply.status}`
    return (await reply.text()) === plain ? undefined : 'the address did not answer the decrypted text, and it alone'
  } catch (error) {
    return `the address did not answer within a second: ${(error as Error).message}`
  }
}

export const addressOf = (state: State): CallbackAddress | null => readSettings(state).callback
