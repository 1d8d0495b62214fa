import type { LinkView, MyLink, MyPicture } from '@qimeng/contract'
import { clientHas, host, type Outcome, viaClient } from './client.ts'

export interface MomentsPost {
  text: string
  images: readonly MyPicture[]
  link: MyLink | null
}

/**
 * The client answers only when the person comes back from the composer, so this is no limit for the composing: it is
 * when the page starts to offer the way by hand. A later answer still counts.
 */
const COMPOSER_PATIENCE_MS = 6000

const absolute = (link: string): string => new URL(link, window.location.href).href

/** Opens WeCom's own Moments composer with everything filled in (WECOM.md 5.7). */
export async function openMomentsComposer(post: MomentsPost, onLate: (outcome: Outcome) => void): Promise<Outcome> {
  if (host() !== 'wecom') return { ok: false, failure: 'outside', detail: '' }
  const attachments = attachmentsOf(post)
  return viaClient(
    (ww) =>
      ww.shareToExternalMoments({
        ...(post.text ? { text: { content: post.text } } : {}),
        // Not an empty list, which a client may take for one of the wrong size.
        ...(attachments.length > 0 ? { attachments } : {}),
      }),
    COMPOSER_PATIENCE_MS,
    onLate,
  )
}

const attachmentsOf = ({ link, images }: MomentsPost) =>
  link
    ? [{ msgtype: 'link' as const, link: linkAttachment(link) }]
    : images.map((picture) => ({ msgtype: 'image' as const, image: imageAttachment(picture) }))

/** Earlier clients know pictures by their addresses alone (WECOM.md 5.7). */
const MEDIA_IDS_SINCE = '4.0.2'

/** The client silently leaves out a picture it cannot fetch, so WeCom's own name for it goes first (WECOM.md 5.7). */
const imageAttachment = ({ mediaId, full }: MyPicture) =>
  mediaId === null || !clientHas(MEDIA_IDS_SINCE) ? { imgUrl: absolute(full) } : { mediaid: mediaId }

const linkAttachment = ({ composerTitle, url, description, cover, composerCover }: MyLink) => ({
  title: composerTitle,
  url,
  ...(description ? { desc: description } : {}),
  ...(cover ? { imgUrl: composerCover ?? absolute(cover.full) } : {}),
})

/** Makes the page's own share menu carry this link to Moments. @returns takes it back */
export function offerLinkOnTimeline({ title, url, cover }: LinkView): () => void {
  setTimelineShare({ title, link: url, imgUrl: cover ? absolute(cover.full) : '' })
  return () => setTimelineShare({ title: '企盟助手', link: absolute(import.meta.env.BASE_URL), imgUrl: '' })
}

function setTimelineShare(share: { title: string; link: string; imgUrl: string }): void {
  void viaClient((ww) => {
    // It only leaves a listener with the client, and returns nothing to wait for.
    ww.onMenuShareTimeline(share)
    return host() === 'wechat' ? ww.updateTimelineShareData(share) : undefined
  }, COMPOSER_PATIENCE_MS)
}
