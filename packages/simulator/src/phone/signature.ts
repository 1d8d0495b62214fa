import { createHash } from 'node:crypto'
import { validTickets, type TicketKind } from '../api/tickets.ts'
import type { State } from '../state/state.ts'

export interface Signed {
  timestamp: string
  nonceStr: string
  signature: string
}

/**
 * Is this a signature of the page's address with a valid ticket of that kind (WECOM.md 5.2)? Corp and app tickets do not
 * stand in for each other.
 */
export function verifySignature(state: State, kind: TicketKind, url: string, signed: Signed): boolean {
  return validTickets(state, kind).some(({ ticket }) => {
    return signatureOf(ticket, url, signed) === signed.signature
  })
}

export function signatureOf(ticket: string, url: string, { nonceStr, timestamp }: Omit<Signed, 'signature'>): string {
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`
  return createHash('sha1').update(text).digest('hex')
}
