import type { ConsoleApi } from '@qimeng/contract'
import type { Caller } from '@qimeng/contract/client'
import { createCaller } from '@qimeng/contract/client'
import axios from 'axios'
import type { InjectionKey } from 'vue'
import { inject } from 'vue'

export type ConsoleCall = Caller<ConsoleApi>

/** How pages reach the server; main.ts provides it. */
export const callKey: InjectionKey<ConsoleCall> = Symbol('call')

/** An answer later than this (ms) is none. Uploads may take as long as they make progress. */
const PATIENCE = 30_000

/** @param onUnauthenticated the session is over: the place to start a new login */
export function createCall(onUnauthenticated: () => void): ConsoleCall {
  const http = axios.create()
  http.interceptors.request.use((request) => {
    if (!(request.data instanceof FormData)) request.timeout = PATIENCE
    return request
  })
  return createCaller<ConsoleApi>(http, (error) => {
    if (error.status === 401) onUnauthenticated()
  })
}

/** The typed way to the console's endpoints: `call('GET /api/console/tasks', { query })`. */
export function useCall(): ConsoleCall {
  const call = inject(callKey)
  if (!call) throw new Error('main.ts provides callKey')
  return call
}
