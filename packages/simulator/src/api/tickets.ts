import { newId, type State } from '../state/state.ts'
import type { Endpoint } from './call.ts'
import { WecomError } from './errors.ts'
import { countTicket } from './limits.ts'
import { LIFETIME } from './token.ts'

export type TicketKind = 'corp' | 'agent'

/** `GET /cgi-bin/get_jsapi_ticket`: the corp's ticket, for preVerifyJSAPI (WECOM.md 5.2). */
export const corpTicket: Endpoint = { handle: (state) => issueTicket(state, 'corp') }

/** `GET /cgi-bin/ticket/get?type=agent_config`: the app's ticket, for agentConfig. A different one. */
export const agentTicket: Endpoint = {
  handle(state, { query }) {
    if (query.type !== 'agent_config') throw new WecomError(91040, 'invalid ticket type')
    return issueTicket(state, 'agent')
  },
}

function issueTicket(state: State, kind: TicketKind): { ticket: string; expires_in: number } {
  countTicket(state, kind)
  const [valid] = validTickets(state, kind)
  if (valid) return { ticket: valid.ticket, expires_in: Math.ceil((valid.expires - state.now()) / 1000) }
  const ticket = newId(kind === 'corp' ? 'sim-jsapi-ticket-' : 'sim-agent-ticket-', 32)
  state.sql('INSERT INTO tickets VALUES (?, ?, ?)').run(kind, ticket, state.now() + LIFETIME * 1000)
  return { ticket, expires_in: LIFETIME }
}

export const validTickets = (state: State, kind: TicketKind): { ticket: string; expires: number }[] =>
  state
    .sql<[string, number], { ticket: string; expires: number }>('SELECT * FROM tickets WHERE kind = ? AND expires > ?')
    .all(kind, state.now())
