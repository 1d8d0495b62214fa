export const FAULT_KINDS = [
  'errcode',
  'delay',
  'drop-before',
  'drop-after',
  'reset',
  'garbage',
  'http-502',
  'broken-json',
  'token-revoked',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

/** What goes wrong with the next calls of a path. A delay may stand alone or come before another kind. */
export interface Fault {
  /** `/cgi-bin/message/send`, or `*` for every call. */
  path: string
  kind: FaultKind
  errcode?: number
  errmsg?: string
  delayMs?: number
}

/** A share of all calls goes wrong, in ways drawn from a seed: the same seed and the same calls, the same faults. */
export interface Chaos {
  path: string
  share: number
  kinds: readonly FaultKind[]
  random: () => number
}
