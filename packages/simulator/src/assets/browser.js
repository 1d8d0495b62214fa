// The in-app browser around the app's page, and `phoneShell`: what the bridge inside the frame may ask of the screen.
import { choosePictures } from './album-picker.js'
import { openComposer } from './composer.js'
import { actionSheet, toast } from './overlay.js'
import { get, post } from './requests.js'
import { viewPictures } from './viewer.js'

const MOMENTS = 'menuItem:share:timeline'
const FORWARD = 'menuItem:share:appMessage'

export function startBrowser(frame) {
  const control = (name) => document.querySelector(`[data-browser="${name}"]`)
  const hidden = new Set()
  const page = () => frame.contentWindow

  control('close').addEventListener('click', close)
  control('back').addEventListener('click', () => {
    const { navigation } = page()
    if (navigation?.canGoBack) navigation.back()
    else close()
  })
  control('menu').addEventListener('click', openMenu)
  frame.addEventListener('load', showTitle)
  // A single-page app changes its title without loading anything.
  setInterval(showTitle, 400)

  function showTitle() {
    const title = readPage((document) => document.title) || '网页'
    if (control('title').textContent !== title) control('title').textContent = title
  }

  async function openMenu() {
    const choices = [
      !hidden.has(MOMENTS) && { text: '转发朋友圈', value: shareToMoments },
      !hidden.has(FORWARD) && { text: '转发', value: forwardPage },
      { text: '在浏览器打开', value: () => shell.openOutside(pageAddress()) },
      { text: '复制链接', value: copyLink },
      { text: '刷新', value: () => page().location.reload() },
    ]
    const act = await actionSheet('网页菜单', choices.filter(Boolean))
    await act?.()
  }

  /** The page's own share data when it listens for the menu (onMenuShareTimeline), else its title and address. */
  async function shareToMoments() {
    if (page().phoneBridgeEmit?.('menu:share:timeline')) return
    if ((await shell.composeLink({})) === 'ok') toast('已发表')
  }
  function forwardPage() {
    if (!page().phoneBridgeEmit?.('menu:share:appmessage')) shell.forward()
  }
  async function copyLink() {
    await post('/__phone/clipboard', { text: await asKnownOutside(pageAddress()) })
    toast('链接已复制')
  }

  const pageAddress = () => readPage((document) => document.location.href) ?? frame.src
  function readPage(read) {
    try {
      return read(frame.contentDocument)
    } catch {
      return undefined // a page of another site
    }
  }
  function close() {
    location.href = document.referrer.startsWith(`${location.origin}/__phone/`)
      ? document.referrer
      : '/__phone/messages'
  }

  const shell = {
    viewPictures: (urls, current) => viewPictures(urls.map(absolute), absolute(current)),
    choosePictures,
    /** What a file field asks for: pictures of the album, `computer` for the computer's own dialog, or nothing. */
    async chooseFiles(limit) {
      const source = await actionSheet('选择文件', [
        { text: '从手机相册选择', value: 'album' },
        { text: '从电脑选择', value: 'computer' },
      ])
      if (source !== 'album') return source
      const ids = await choosePictures(limit)
      if (!ids) return undefined
      const pictures = await get('/__phone/pictures')
      return ids.map((id) => pictures.find((picture) => picture.id === id))
    },
    close,
    async composeLink({ title, link, img_url: cover }) {
      const url = await asKnownOutside(link || pageAddress())
      const shared = {
        title: title || readPage((document) => document.title) || url,
        url,
        cover: cover ? absolute(cover) : undefined,
      }
      return openComposer({ kind: 'wechat', link: shared })
    },
    /** WeCom's own composer, filled in by the page (WECOM.md 5.7). */
    async shareToExternalMoments({ text, attachments = [] }) {
      const { allowed } = await get('/__phone/may-share')
      if (!allowed) return 'fail_no permission to execute'
      const refused = refuseAttachments(text?.content ?? '', attachments)
      if (refused) return `fail_${refused}`
      const pictures = attachments
        .filter((each) => each.msgtype === 'image')
        .map((each) => absolute(each.image.imgUrl ?? each.image.mediaid))
      const [given] = attachments.filter((each) => each.msgtype === 'link').map((each) => each.link)
      const link = given && { title: given.title, url: given.url, cover: given.imgUrl && absolute(given.imgUrl) }
      return openComposer({ kind: 'wecom', text: text?.content ?? '', pictures, link })
    },
    async forward() {
      const act = await actionSheet('转发给', [{ text: '文件传输助手', value: 'ok' }])
      if (act) toast('已转发')
      return act ?? 'cancel'
    },
    showMenu(visible) {
      control('menu').hidden = !visible
      return {}
    },
    hideMenuItems(items) {
      items.forEach((item) => hidden.add(item))
      return {}
    },
    showMenuItems(items) {
      items.forEach((item) => hidden.delete(item))
      return {}
    },
    async openOutside(url) {
      window.open(await asKnownOutside(absolute(url)), '_blank', 'noopener')
      return {}
    },
  }

  window.phoneShell = shell

  const absolute = (url) => (/^[\w-]+$/.test(url) ? url : new URL(url, pageAddress()).href)
}

/** On this phone the app lives at the phone's origin; what leaves the phone carries the app's own address. */
const asKnownOutside = async (url) => (await post('/__phone/outside', { url })).url

/** Of a link in WeCom's Moments (WECOM.md 5.7). */
const TITLE_BYTES = 64
const bytesOf = (text = '') => new TextEncoder().encode(text).length

function refuseAttachments(text, attachments) {
  const kinds = new Set(attachments.map((each) => each.msgtype))
  if ([...text].length > 2000) return 'invalid text size'
  if (kinds.size > 1 || [...kinds].some((kind) => !['image', 'link'].includes(kind)))
    return 'invalid attachments msgtype'
  if (attachments.length > (kinds.has('image') ? 9 : 1)) return 'invalid attachments size'
  if (attachments.some(({ link }) => bytesOf(link?.title) > TITLE_BYTES)) return 'invalid attachments size'
  return undefined
}
