import type { State } from '../state/state.ts'

/** One API call, read but not yet judged. */
export interface Call {
  method: string
  path: string
  query: Record<string, string>
  /** The caller's address. */
  ip: string
  /** The exact bytes: the duplicate check compares them. */
  raw: Buffer
  contentType: string
  /** The JSON body; empty when there is none or it is malformed (`malformed` tells). */
  body: Record<string, unknown>
  malformed: boolean
  /** What the call log says beside the errcode, for example `duplicate`. */
  note: string
}

/** Fields beside errcode and errmsg, or a file (media/get). */
export type Reply = Record<string, unknown> | File
export interface File {
  file: Buffer
  type: string
  filename: string
}

export const isFile = (reply: Reply): reply is File => Buffer.isBuffer(reply.file)

export interface Endpoint {
  /** All but gettoken need `access_token` in the query string. */
  open?: true
  handle(state: State, call: Call): Reply | Promise<Reply>
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function readBody(raw: Buffer, contentType: string): { body: Record<string, unknown>; malformed: boolean } {
  if (raw.length === 0 || contentType.startsWith('multipart/')) return { body: {}, malformed: false }
  try {
    const body: unknown = JSON.parse(raw.toString('utf8'))
    return isObject(body) ? { body, malformed: false } : { body: {}, malformed: true }
  } catch {
    return { body: {}, malformed: true }
  }
}
