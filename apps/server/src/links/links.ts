import { Readable } from 'node:stream'
import type { ImageView } from '@qimeng/contract'
import { storeImage } from '../images/images.ts'
import type { Viewer } from '../images/links.ts'
import type { Parts } from '../parts.ts'
import { Refusal } from '../refusal.ts'
import { decodePage } from './charset.ts'
import { fetchFrom } from './fetch.ts'
import { describePage } from './page.ts'
import { Unreadable } from './refusals.ts'
import type { Web } from './web.ts'

/** For the page and its cover together (ms), QUALITY.md S9. */
const PATIENCE = 3000
/** Of the page, and of the cover. */
const MOST_BYTES = 1024 * 1024

export interface LinkPreview {
  title: string
  description: string
  cover: ImageView | null
}

/**
 * What a page says about itself; its cover becomes an uploaded picture of this administrator's.
 * @throws {Unreadable}
 */
export async function previewLink(parts: Parts, web: Web, owner: Viewer, address: string): Promise<LinkPreview> {
  const signal = AbortSignal.timeout(PATIENCE)
  const limits = { accept: 'text/html,application/xhtml+xml', most: MOST_BYTES, signal }
  const { url, contentType, bytes, cut } = await fetchFrom(web, new URL(address), limits)
  if (!/^\s*(text\/html|application\/xhtml\+xml)\s*(;|$)/i.test(contentType)) throw new Unreadable('notPage')
  const { cover, ...texts } = describePage(decodePage(bytes, contentType), url)
  if (cut && texts.title === '') throw new Unreadable('tooLarge')
  return { ...texts, cover: cover ? await takeCover(parts, web, owner, cover, signal) : null }
}

/** A picture that is missing, slow, too large or none at all is no reason to withhold the title. */
async function takeCover(parts: Parts, web: Web, owner: Viewer, address: URL, signal: AbortSignal) {
  try {
    const { bytes, cut } = await fetchFrom(web, address, { accept: 'image/*', most: MOST_BYTES, signal })
    if (cut) return null
    const stream = Readable.from([bytes])
    // A small file can hold many pixels. What is stored too late belongs to nobody, and is swept like all such pictures.
    const remember = (_trx: unknown, view: ImageView) => Promise.resolve(view)
    return await inTime(signal, storeImage(parts, { stream, owner, purpose: 'cover', remember }))
  } catch (error) {
    if (!(error instanceof Refusal) && !signal.aborted) parts.log.warn({ err: error }, 'a cover was not taken')
    return null
  }
}

function inTime<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    work.then(resolve, reject)
  })
}
