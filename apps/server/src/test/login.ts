import type { Audience } from '../db/schema.ts'
import type { Browser } from './browser.ts'
import type { SimulatedWecom } from './wecom.ts'

const LOGIN: Record<Audience, string> = { admin: '/auth/console/login', me: '/auth/me/login' }

export const locationOf = (response: { headers: Record<string, unknown> }): string =>
  String(response.headers.location ?? '')

/** Goes to WeCom and is sent back: the address of our callback with code and state, not yet opened. */
export async function askWecom(
  browser: Browser,
  wecom: SimulatedWecom,
  audience: Audience,
  userid: string,
  returnPath = '',
): Promise<string> {
  const query = returnPath ? `?${new URLSearchParams({ return: returnPath })}` : ''
  const toWecom = locationOf(await browser.get(LOGIN[audience] + query))
  return audience === 'admin' ? wecom.scan(toWecom, userid) : wecom.authorize(toWecom, userid)
}

/** Logs in by WeCom's own redirects. @returns where one ends up */
export async function logIn(
  browser: Browser,
  wecom: SimulatedWecom,
  audience: Audience,
  userid: string,
  returnPath = '',
): Promise<string> {
  return locationOf(await browser.get(await askWecom(browser, wecom, audience, userid, returnPath)))
}
