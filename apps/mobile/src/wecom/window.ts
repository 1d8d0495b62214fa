import { viaClient } from './client.ts'

/** Closes the in-app browser; a page in another browser cannot close itself. */
export async function closePage(): Promise<boolean> {
  const outcome = await viaClient((ww) => ww.closeWindow(), 1000)
  return outcome.ok
}
