import { redeemCode } from '../state/codes.ts'
import type { Endpoint } from './call.ts'
import { WecomError } from './errors.ts'

/** `GET /cgi-bin/auth/getuserinfo`: who is behind a code; success says nothing about the visible range (WECOM.md 2.2). */
export const getuserinfo: Endpoint = {
  handle(state, { query }) {
    if (!query.code) throw new WecomError(41008, 'missing code')
    const who = redeemCode(state, query.code)
    if (!who) throw new WecomError(40029, 'invalid code')
    return { ...who }
  },
}
