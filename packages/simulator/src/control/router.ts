import express, { type ErrorRequestHandler, type Router } from 'express'
import type { State } from '../state/state.ts'
import { callbacksControl } from './callbacks.ts'
import { cloudControl } from './cloud.ts'
import { corpControl } from './corp.ts'
import { ControlError } from './input.ts'
import { domainControl } from './domain.ts'
import { phonesControl } from './phones.ts'

/** `/__sim`: the hand behind the simulated WeCom, for tests and demonstrations. JSON in, JSON out. */
export function controlRouter(state: State, defaultPeople: number): Router {
  const router = express.Router()
  router.use(express.json({ limit: '5mb' }))
  router.use((request, _response, next) => {
    request.body ??= {}
    next()
  })
  corpControl(router, state, defaultPeople)
  cloudControl(router, state)
  phonesControl(router, state)
  callbacksControl(router, state)
  domainControl(router, state)
  router.use((_request, response) => {
    response.status(404).json({ error: 'no such control, see the README of the simulator' })
  })
  router.use(onlyControlErrors)
  return router
}

const onlyControlErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof ControlError) response.status(400).json({ error: error.message })
  else next(error)
}
