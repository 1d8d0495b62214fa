import { setTimeout as sleep } from 'node:timers/promises'
import type { CallbackAddress, State } from '../state/state.ts'
import { findCallback, pendingCallbacks, writeAttempt, type Attempt, type SentRequest } from './log.ts'
import { actOnReply } from './reply.ts'
import { addressOf, eventRequest } from './request.ts'

/** WeCom tries three times in all (WECOM.md 4.3). */
const ATTEMPTS = 3
const AT_ONCE = 8

/** Brings queued callbacks to the app, those of an earlier run first. Answers what stops it. */
export function startCallbacks(state: State): () => void {
  const stopping = new AbortController()
  const waiting = pendingCallbacks(state)
  let underWay = 0

  const work = (): void => {
    while (underWay < AT_ONCE && waiting.length > 0) {
      underWay += 1
      void bring(state, waiting.shift()!, stopping.signal).finally(() => {
        underWay -= 1
        work()
      })
    }
  }
  state.events.on('callback', (id: number) => {
    waiting.push(id)
    work()
  })
  work()
  return () => {
    waiting.length = 0
    stopping.abort()
  }
}

async function bring(state: State, id: number, stopping: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const callback = findCallback(state, id)
    const address = addressOf(state)
    if (!callback || !address) break
    const request = eventRequest(state, address, callback.xml)
    const { answer, ...tried } = await post(state, request, address.timeoutMs, stopping)
    if (stopping.aborted) return
    if (answer !== undefined) tried.note = actOnReply(state, address, callback, answer)
    const outcome = answer !== undefined ? 'delivered' : attempt === ATTEMPTS ? 'given up' : 'pending'
    writeAttempt(state, callback, tried, outcome, request)
    if (answer !== undefined) {
      await repeat(state, callback.xml, address, stopping)
      break
    }
    if (outcome === 'pending') await sleep(address.pauseMs, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) return
  }
  state.events.emit(`callback-done-${id}`)
}

/** On demand, WeCom's habit of bringing an event again that was taken already: encrypted anew, the same inside. */
async function repeat(state: State, xml: string, address: CallbackAddress, stopping: AbortSignal): Promise<void> {
  for (let extra = 0; extra < address.duplicates && !stopping.aborted; extra++) {
    await post(state, eventRequest(state, address, xml), address.timeoutMs, stopping)
  }
}

/** `answer` is there when the app took it: HTTP 200 within the time. */
export async function post(
  state: State,
  { url, body }: SentRequest,
  timeoutMs: number,
  stopping?: AbortSignal,
): Promise<Attempt & { answer?: string }> {
  const [at, startedAt] = [state.now(), performance.now()]
  const limit = AbortSignal.timeout(timeoutMs)
  const signal = stopping ? AbortSignal.any([limit, stopping]) : limit
  const since = () => Math.round(performance.now() - startedAt)
  try {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body,
      redirect: 'error',
      signal,
    })
    const answer = await reply.text()
    if (reply.status === 200) return { at, status: 200, note: '', ms: since(), answer }
    return { at, status: reply.status, note: `answered HTTP ${reply.status}`, ms: since() }
  } catch (error) {
    const note = limit.aborted ? `no answer within ${timeoutMs} ms` : describe(error as Error)
    return { at, status: null, note, ms: since() }
  }
}

const describe = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message
