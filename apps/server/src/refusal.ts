import type { ErrorCode, Issue } from '@qimeng/contract/errors'

/**
 * A rule says no. Rules throw it and know nothing of HTTP; http/problems.ts gives each code its status.
 * The message is Chinese and meant for the person at the screen.
 */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly issues: Issue[] | undefined
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    details: { issues?: Issue[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause })
    this.name = 'Refusal'
    this.code = code
    this.issues = details.issues
    this.retryAfter = details.retryAfter
  }
}

/** One field that the schema could not judge alone, such as a time that has passed. */
export const refuseField = (path: (string | number)[], message: string) =>
  new Refusal('invalid', message, { issues: [{ path, message }] })

export const notFound = (what: string) => new Refusal('not_found', `${what}不存在或已删除`)
