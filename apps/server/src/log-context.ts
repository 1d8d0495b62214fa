import { AsyncLocalStorage } from 'node:async_hooks'

type Fields = Record<string, string>

const current = new AsyncLocalStorage<Fields>()

/** Every line logged in the course of this work carries the fields: whose request it was, which job, about which task. */
export const inLogContext = <T>(fields: Fields, work: () => T): T =>
  current.run({ ...current.getStore(), ...fields }, work)

/** Adds what is known only now to the lines of the work that is going on. */
export function addToLogContext(fields: Fields): void {
  Object.assign(current.getStore() ?? {}, fields)
}

/** For pino's `mixin`, which takes a fresh object each time. */
export const logContext = (): Fields => ({ ...current.getStore() })
