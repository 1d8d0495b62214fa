// The client's picture viewer. It fetches by itself, without the page's cookies; pictures that need them stay grey.
import { element, overlay, toast } from './overlay.js'
import { post } from './requests.js'

const LONG_PRESS = 550

export function viewPictures(urls, current, { own = false } = {}) {
  let at = Math.max(0, urls.indexOf(current))
  let held
  const image = element('img', { class: 'viewer-image', alt: '' })
  const missing = element('p', { class: 'viewer-missing', text: '图片加载失败', hidden: true })
  const count = element('span', { class: 'viewer-count' })
  const step = (by) => show((at + by + urls.length) % urls.length)
  const buttons = [
    element('button', { text: '关闭', onclick: () => viewer.close() }),
    count,
    own
      ? element('a', { class: 'viewer-save', text: '下载', download: '' })
      : element('button', { class: 'viewer-save', text: '保存图片', onclick: save }),
  ]
  const sides = [
    element('button', { class: 'viewer-side before', 'aria-label': '上一张', text: '‹', onclick: () => step(-1) }),
    element('button', { class: 'viewer-side after', 'aria-label': '下一张', text: '›', onclick: () => step(1) }),
  ]
  const stage = element('div', { class: 'viewer-stage', children: [image, missing, ...(urls.length > 1 ? sides : [])] })
  const viewer = overlay('viewer', '图片查看器', [stage, element('div', { class: 'viewer-bar', children: buttons })])

  image.addEventListener('error', () => (missing.hidden = false))
  image.addEventListener('load', () => (missing.hidden = true))
  if (!own) {
    image.addEventListener('pointerdown', () => (held = setTimeout(save, LONG_PRESS)))
    for (const event of ['pointerup', 'pointerleave', 'pointercancel'])
      image.addEventListener(event, () => clearTimeout(held))
  }
  image.addEventListener('contextmenu', (event) => own || event.preventDefault())
  viewer.box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') viewer.close()
    if (event.key === 'ArrowLeft') step(-1)
    if (event.key === 'ArrowRight') step(1)
  })
  show(at)

  function show(next) {
    at = next
    image.src = own ? urls[at] : `/__phone/fetch?url=${encodeURIComponent(urls[at])}`
    if (own) buttons[2].href = urls[at]
    count.textContent = `${at + 1} / ${urls.length}`
  }
  async function save() {
    const { saved } = await post('/__phone/save', { url: urls[at] })
    toast(saved ? '已保存到相册' : '保存失败：图片无法下载')
  }
  return {}
}
