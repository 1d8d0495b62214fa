import { randomBytes } from 'node:crypto'
import { getJsApiSignature } from '@wecom/crypto'
import type { WecomClient } from './client.ts'

export interface JsapiSignature {
  /** Seconds. */
  timestamp: number
  nonceStr: string
  signature: string
}

interface TicketAnswer {
  ticket: string
  expires_in: number
}

/** Signs `getConfigSignature`. WeCom gives a corp 400 tickets an hour, an app 100: both are cached (WECOM.md 5.2). */
export function corpTicket(client: WecomClient): Promise<string> {
  return ticket(client, 'jsapi_ticket.corp', '/cgi-bin/get_jsapi_ticket')
}

/** Signs `getAgentConfigSignature`; not interchangeable with the corp's ticket. */
export function agentTicket(client: WecomClient): Promise<string> {
  return ticket(client, 'jsapi_ticket.agent', '/cgi-bin/ticket/get', { type: 'agent_config' })
}

function ticket(client: WecomClient, name: string, path: string, query: Record<string, string> = {}): Promise<string> {
  return client.credential(name, async () => {
    const answer = await client.call<TicketAnswer>({ method: 'GET', path, query })
    return { value: answer.ticket, expiresIn: answer.expires_in }
  })
}

/** Signs a page's URL as the client loaded it, without its fragment. Check its origin before: this signs anything. */
export function signJsapi(
  ticket: string,
  url: string,
  { now = Date.now(), nonceStr = randomBytes(16).toString('hex') }: { now?: number; nonceStr?: string } = {},
): JsapiSignature {
  const timestamp = Math.floor(now / 1000)
  const { signature } = getJsApiSignature({ ticket, url: url.replace(/#.*$/s, ''), nonceStr, timestamp })
  return { timestamp, nonceStr, signature }
}
