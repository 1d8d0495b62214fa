/** The closed list of what can go wrong, by code. The server gives each its HTTP status, the fronts their behaviour. */
export const ERROR_CODES = [
  'malformed',
  'unauthenticated',
  'forbidden',
  'not_executor',
  'not_found',
  'task_deleted',
  'conflict',
  /** Somebody else has changed it since it was read. */
  'stale',
  'too_large',
  'unsupported_media',
  'invalid',
  'too_many_requests',
  'internal',
  'unavailable',
  'storage_full',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** One thing wrong with one field; `path` as in the request body, e.g. ['pushes', 0, 'text']. */
export interface Issue {
  path: (string | number)[]
  message: string
}

/** The body of every error reply. Messages are Chinese and meant for the person at the screen. */
export interface Problem {
  code: ErrorCode
  message: string
  issues?: Issue[]
  /** To be passed on to whoever reads the server's log. */
  requestId: string
}
