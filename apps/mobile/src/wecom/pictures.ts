import { viaClient } from './client.ts'

const PATIENCE_MS = 3000

const absolute = (link: string): string => new URL(link, window.location.href).href

/**
 * Opens pictures in the client's own viewer, where a long press saves them; elsewhere in ours.
 * @param links signed links: the native viewer fetches them itself and sends no cookie
 */
export async function viewPictures(links: readonly string[], start = 0): Promise<void> {
  const urls = links.map(absolute)
  const outcome = await viaClient((ww) => ww.previewImage({ current: urls[start]!, urls }), PATIENCE_MS)
  if (outcome.ok || outcome.failure === 'cancelled') return
  const { showOwnViewer } = await import('../ui/ownViewer.ts')
  showOwnViewer(urls, start)
}
