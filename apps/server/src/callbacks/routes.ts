import { answerVerification, CallbackRefused, readCallback, type CallbackSettings } from '@qimeng/wecom'
import express, { type ErrorRequestHandler, Router } from 'express'
import type { Parts } from '../parts.ts'
import { receive, receiveVerification } from './callbacks.ts'

/** What follows PUBLIC_URL in the address that WeCom is given under 接收消息. */
export const CALLBACK_PATH = '/wecom/callback'

/** A text has at most 2048 bytes, a card's click a key of 1024 (WECOM.md 3.3, 4.5): encrypted and wrapped, far below this. */
const LONGEST_BODY = '64kb'

/** Where WeCom brings what happens there. Without the two secrets of WeCom's page there is no such address. */
export function callbackRoutes(parts: Parts): Router {
  const router = Router()
  const { callback } = parts.config
  if (callback === null) return router
  const settings: CallbackSettings = { ...callback, corpId: parts.config.wecom.corpId }

  router.get(CALLBACK_PATH, async (request, response) => {
    const answer = answerVerification(settings, request.query, parts.clock.now())
    await receiveVerification(parts, answer)
    // Exactly this text: a newline, quotes or a byte order mark would fail the verification (WECOM.md 4.2).
    response.type('text/plain').send(answer)
  })

  router.post(
    CALLBACK_PATH,
    express.text({ type: () => true, limit: LONGEST_BODY }),
    async ({ query, body }, response) => {
      const text: unknown = body
      await receive(parts, readCallback(settings, query, typeof text === 'string' ? text : '', parts.clock.now()))
      // An empty body means that no answer comes this way; it comes as a message, later (WECOM.md 4.3).
      response.status(200).end()
    },
  )

  router.use(CALLBACK_PATH, refuseStrangers(parts))
  return router
}

/** Whoever cannot sign learns only that; the reason stands in the log, for an operator who has mistyped a secret. */
const refuseStrangers =
  ({ log }: Pick<Parts, 'log'>): ErrorRequestHandler =>
  (thrown, request, response, next) => {
    if (!(thrown instanceof CallbackRefused)) return next(thrown)
    log.warn({ reason: thrown.reason, from: request.ip }, 'a callback was refused')
    response.status(403).end()
  }
