import { say } from '../ui/notice.ts'
import { whileWaiting } from '../ui/waiting.ts'
import { viaClient } from './client.ts'

/** A client that has a viewer opens it at once; without a bridge none ever will, and somebody is waiting. */
const PATIENCE_MS = 1200

/** This client has been asked before and said nothing: nobody waits for it again. */
let mute = false

/** Something lies over the page: the client's viewer, which came without a word. */
const covered = () => document.hidden || !document.hasFocus()

const absolute = (link: string): string => new URL(link, window.location.href).href

/**
 * Opens pictures in the client's own viewer, where a long press saves them; elsewhere in ours.
 * @param links signed links: the native viewer fetches them itself and sends no cookie
 */
export async function viewPictures(links: readonly string[], start = 0): Promise<void> {
  const urls = links.map(absolute)
  await whileWaiting('正在打开图片…', async () => {
    let closeOurs: (() => void) | undefined
    const outcome = await viaClient(
      (ww) => ww.previewImage({ current: urls[start]!, urls }),
      mute ? 0 : PATIENCE_MS,
      // The client's viewer came after all: ours would be found under it.
      (late) => {
        mute = false
        if (late.ok) closeOurs?.()
      },
    )
    if (outcome.ok || outcome.failure === 'cancelled') return
    // previewImage promises no answer (WECOM.md 5.6). Two viewers, one over the other, are better than none.
    mute = outcome.failure === 'timeout'
    if (mute && covered()) return
    try {
      const { showOwnViewer } = await import('../ui/ownViewer.ts')
      closeOurs = showOwnViewer(urls, start)
    } catch {
      // The chunk did not load.
      say('图片没能打开，请检查网络')
    }
  })
}
