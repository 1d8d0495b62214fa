import type { Router } from 'express'
import { contactEvent, memberEvent, textXml, tell } from '../callbacks/events.ts'
import { findCallback, lastRequest, listCallbacks, type Callback } from '../callbacks/log.ts'
import { verifyAddress } from '../callbacks/request.ts'
import { post } from '../callbacks/sender.ts'
import { pressCard } from '../phone/press.ts'
import { CALLBACK_HABITS, readSettings, writeSettings, type CallbackAddress, type State } from '../state/state.ts'
import { ControlError, numberIn, oneOf, personAt, textIn } from './input.ts'

const EVENTS = ['enter_agent', 'subscribe', 'unsubscribe', 'text', 'change_contact', 'xml'] as const

/** 接收消息: where the app listens, and what it is told. */
export function callbacksControl(router: Router, state: State): void {
  router.get('/callback', (_request, response) => {
    response.json(readSettings(state).callback)
  })
  /** Saving asks the address first, as WeCom's backend does; `verify: false` believes it. */
  router.put('/callback', async (request, response) => {
    const { body } = request as { body: Record<string, unknown> }
    const address = addressIn(body)
    const wrong = body.verify === false ? undefined : await verifyAddress(state, address)
    if (wrong) throw new ControlError(wrong)
    writeSettings(state, { callback: address })
    response.json({ ok: true })
  })
  router.delete('/callback', (_request, response) => {
    state.db.exec("UPDATE callbacks SET outcome = 'given up' WHERE outcome = 'pending'")
    writeSettings(state, { callback: null })
    response.json({ ok: true })
  })

  router.get('/callbacks', (request, response) => {
    const { since, limit } = request.query as Record<string, string | undefined>
    response.json(listCallbacks(state, Number(since ?? 0), Number(limit ?? 1000)))
  })
  router.post('/callbacks', async (request, response) => {
    response.json(await brought(state, happen(state, request.body as Record<string, unknown>)))
  })
  /** Once more: encrypted anew as WeCom does it, or with `exact` byte for byte as somebody does who listened. */
  router.post('/callbacks/:id/repeat', async (request, response) => {
    const callback = findCallback(state, Number(request.params.id))
    const sent = callback && lastRequest(state, callback.id)
    const { callback: address } = readSettings(state)
    if (!callback || !sent || !address) throw new ControlError('nothing was sent that could be repeated')
    if ((request.body as Record<string, unknown>).exact === true) {
      const { status, note } = await post(state, sent, address.timeoutMs)
      response.json({ status, note })
    } else response.json(await brought(state, tell(state, callback.event, callback.xml)))
  })

  router.post('/phones/:userid/press', async (request, response) => {
    const { body } = request as { body: Record<string, unknown> }
    const person = personAt(state, request.params.userid)
    const pressed = pressCard(state, person, numberIn(body, 'message'), textIn(body, 'key'))
    if ('refused' in pressed) throw new ControlError(pressed.refused)
    response.json(await brought(state, pressed.callback))
  })
}

function addressIn(body: Record<string, unknown>): CallbackAddress {
  const [url, token, aesKey] = [textIn(body, 'url'), textIn(body, 'token'), textIn(body, 'aesKey')]
  if (!/^https?:/.test(url) || !URL.canParse(url)) throw new ControlError('url must be an http(s) address')
  if (!/^[A-Za-z0-9]{1,32}$/.test(token)) throw new ControlError('token must be up to 32 letters and digits')
  if (!/^[A-Za-z0-9]{43}$/.test(aesKey)) throw new ControlError('aesKey must be 43 letters and digits')
  const { timeoutMs, pauseMs, duplicates } = CALLBACK_HABITS
  return {
    url,
    token,
    aesKey,
    timeoutMs: numberIn(body, 'timeoutMs', timeoutMs),
    pauseMs: numberIn(body, 'pauseMs', pauseMs),
    duplicates: numberIn(body, 'duplicates', duplicates),
  }
}

/** Lets something be told that did not happen: the state of the corp stays as it is. */
function happen(state: State, body: Record<string, unknown>): number | undefined {
  const event = oneOf(body.event, EVENTS, 'event')
  if (event === 'xml') return tell(state, 'xml', textIn(body, 'xml'))
  if (event === 'change_contact') {
    const fields = (body.fields ?? {}) as Record<string, string | number>
    return contactEvent(state, textIn(body, 'changeType'), fields)
  }
  const { userid } = personAt(state, body.userid)
  if (event === 'text') return tell(state, 'text', textXml(state, userid, textIn(body, 'content')))
  return memberEvent(state, userid, event)
}

/** Waits until the callback was brought, or given up. */
async function brought(state: State, id: number | undefined): Promise<Callback> {
  if (id === undefined) throw new ControlError('the app has no callback address, see PUT /__sim/callback')
  const done = new Promise((resolve) => state.events.once(`callback-done-${id}`, resolve))
  await done
  return findCallback(state, id)!
}
