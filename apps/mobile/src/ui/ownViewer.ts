import { showImagePreview } from 'vant'
import 'vant/es/image/index.css'
import 'vant/es/image-preview/index.css'
import 'vant/es/loading/index.css'
import 'vant/es/swipe/index.css'
import 'vant/es/swipe-item/index.css'

/** A viewer of our own, for browsers without one; a chunk apart, since WeCom never needs it. */
export function showOwnViewer(urls: readonly string[], start: number): void {
  showImagePreview({ images: [...urls], startPosition: start, closeOnPopstate: true, loop: false })
}
