import type { State } from '../state/state.ts'

/**
 * The phone's cookie jar for the app. It lives here and not in the browser: so a phone stays logged in over a restart, `Secure`
 * and `__Host-` cookies work although the phone's origin is plain http, and two phones never share one.
 */
export function cookieHeader(state: State, userid: string, path: string): string {
  return state
    .sql<[string, number], { name: string; value: string; path: string }>(
      'SELECT * FROM cookies WHERE userid = ? AND (expires IS NULL OR expires > ?) ORDER BY length(path) DESC, name',
    )
    .all(userid, Date.now())
    .filter((cookie) => covers(cookie.path, path))
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}

export function storeCookies(state: State, userid: string, headers: string[], requestPath: string): void {
  for (const header of headers) {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim())
    const at = pair.indexOf('=')
    if (at < 1) continue
    const attribute = (name: string) =>
      attributes.find((each) => each.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1)
    const expires = expiry(attribute('max-age'), attribute('expires'))
    const path = attribute('path') ?? (requestPath.slice(0, requestPath.lastIndexOf('/')) || '/')
    state
      .sql('INSERT OR REPLACE INTO cookies VALUES (?, ?, ?, ?, ?)')
      .run(userid, pair.slice(0, at), path, pair.slice(at + 1), expires)
  }
  state.sql('DELETE FROM cookies WHERE expires <= ?').run(Date.now())
}

function expiry(maxAge: string | undefined, expires: string | undefined): number | null {
  if (maxAge !== undefined) return Date.now() + Number(maxAge) * 1000
  return expires === undefined ? null : Date.parse(expires)
}

const covers = (cookiePath: string, path: string): boolean =>
  path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
