// The Moments composers of WeChat and of WeCom: text, up to nine pictures or one link, 发表 or 取消.
import { choosePictures } from './album-picker.js'
import { element, overlay, toast } from './overlay.js'
import { get, post } from './requests.js'

const NINE = 9
const TITLES = { wechat: '发表到微信朋友圈', wecom: '发表到企业微信朋友圈' }

/** Resolves with `ok` when published, `cancel` when not. Pictures are album ids or addresses the composer fetches. */
export function openComposer({ kind = 'wechat', text = '', pictures = [], link: given }) {
  return new Promise((resolve) => {
    let shown = [...pictures]
    let link = given
    /** On a phone the clipboard is at hand: what is pasted is there when somebody publishes a moment later. */
    let pasted = Promise.resolve()
    const field = element('textarea', { 'aria-label': '这一刻的想法', placeholder: '这一刻的想法…', rows: '6' })
    field.value = text
    const nine = element('div', { class: 'composer-nine' })
    const publish = element('button', { class: 'primary', text: '发表', onclick: send })
    const tools = element('div', {
      class: 'composer-tools',
      children: [element('button', { text: '粘贴', onclick: paste })],
    })
    const composer = overlay('composer', TITLES[kind], [
      element('div', {
        class: 'overlay-bar',
        children: [
          element('button', { text: '取消', onclick: () => finish('cancel') }),
          element('h2', { text: TITLES[kind] }),
          publish,
        ],
      }),
      element('div', {
        class: 'composer-body',
        children: [field, tools, link ? linkView() : nine],
      }),
    ])
    if (!link) drawPictures()
    field.focus()

    function drawPictures() {
      const tiles = shown.map((picture, i) =>
        element('div', {
          class: 'composer-picture',
          children: [
            element('img', {
              src: address(picture),
              alt: '',
              onerror: (event) => event.target.parentElement.classList.add('broken'),
            }),
            element('button', { 'aria-label': `移除第 ${i + 1} 张图片`, text: '×', onclick: () => remove(i) }),
          ],
        }),
      )
      const add = element('button', { class: 'composer-add', 'aria-label': '从相册添加', text: '＋', onclick: choose })
      nine.replaceChildren(...tiles, ...(shown.length < NINE ? [add] : []))
    }
    function linkView() {
      const cover = link.cover
        ? element('img', { src: address(link.cover), alt: '', onerror: (event) => event.target.remove() })
        : ''
      return element('div', {
        class: 'composer-link',
        children: [
          cover,
          element('span', { text: link.title || link.url }),
          element('button', { 'aria-label': '移除链接', text: '×', onclick: removeLink }),
        ],
      })
    }
    /** Without the link the same composer takes pictures. */
    function removeLink(event) {
      link = undefined
      event.target.closest('.composer-link').replaceWith(nine)
      drawPictures()
    }
    async function choose() {
      const ids = await choosePictures(NINE - shown.length)
      if (!ids) return
      shown = [...shown, ...ids]
      drawPictures()
    }
    function remove(i) {
      shown = shown.filter((_, at) => at !== i)
      drawPictures()
    }
    function paste() {
      pasted = insertCopied()
    }
    async function insertCopied() {
      const { text: copied } = await get('/__phone/clipboard')
      if (!copied) return toast('剪贴板是空的')
      field.setRangeText(copied, field.selectionStart, field.selectionEnd, 'end')
      field.focus()
    }
    async function send() {
      publish.disabled = true
      await pasted
      const { refused } = await post('/__phone/moments', { kind, text: field.value, pictures: shown, link })
      publish.disabled = false
      if (refused) return toast(refused)
      finish('ok')
    }
    function finish(result) {
      composer.close()
      resolve(result)
    }
  })
}

/** Media and album pictures by id, everything else fetched as the client does: without the page's cookies. */
function address(picture) {
  if (/^(https?:|data:)/.test(picture)) return `/__phone/fetch?url=${encodeURIComponent(picture)}`
  return `/__phone/${picture.startsWith('sim-media-') ? 'media' : 'pictures'}/${picture}`
}
