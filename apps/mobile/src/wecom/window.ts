import { host, viaClient } from './client.ts'

/** This visit began with a card, whose address names its batch; WeCom opens each card in a window of its own. */
const openedByCard = new URLSearchParams(window.location.search).has('b')

/** Who came for this one task is done when it is done: the window may close. */
export const closesWhenDone = (): boolean => openedByCard && host() === 'wecom'

/** Closes the in-app browser; a page in another browser cannot close itself. */
export async function closePage(): Promise<boolean> {
  const outcome = await viaClient((ww) => ww.closeWindow(), 1000)
  return outcome.ok
}
