import type { State } from '../state/state.ts'

// The page on a phone believes it is at the phone's origin, the app believes it is at its own. These two maps are the
// whole trick: every address that crosses the border passes through one of them.

/** An address of the app, or of WeCom itself (its OAuth page), as this phone's browser reaches it. */
export function toPhone(address: string, state: State, origin: string): string {
  if (startsAt(address, state.appUrl)) return origin + address.slice(state.appUrl.length)
  if (startsAt(address, state.url)) return origin + address.slice(state.url.length)
  return address
}

/** An address of this phone's browser as the app and WeCom's cloud know it. */
export const toApp = (address: string, state: State, origin: string): string =>
  startsAt(address, origin) ? state.appUrl + address.slice(origin.length) : address

const startsAt = (address: string, origin: string): boolean =>
  address === origin || ['/', '?', '#'].some((next) => address.startsWith(origin + next))
