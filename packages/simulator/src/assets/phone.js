// The phone's screens: live refresh, album and Moments buttons, and the in-app browser with what the bridge may open.
import { openComposer } from './composer.js'
import { toast } from './overlay.js'
import { post } from './requests.js'
import { startBrowser } from './browser.js'
import { viewPictures } from './viewer.js'

document.addEventListener('click', async (event) => {
  const target = event.target.closest('[data-view], [data-screenshot], [data-compose], [data-press]')
  if (!target) return
  const { view, screenshot, compose, press, key } = target.dataset
  if (press) {
    const { refused } = await post('/__phone/press', { message: Number(press), key })
    toast(refused ?? '已告诉应用')
  }
  if (view) {
    const group = [...target.parentElement.closest('.nine, .album').querySelectorAll('[data-view]')]
    const urls = group.map((each) => new URL(each.dataset.view, location.href).href)
    viewPictures(urls, new URL(view, location.href).href, { own: true })
  }
  if (screenshot) {
    const { refused } = await post('/__phone/screenshot', { moment: screenshot })
    toast(refused ?? '截屏已保存到相册')
  }
  if (compose && (await openComposer({ kind: compose })) === 'ok') toast('已发表')
})

document.addEventListener('submit', async (event) => {
  if (!event.target.matches('[data-write]')) return
  event.preventDefault()
  const { content } = event.target.elements
  const { refused } = await post('/__phone/write', { content: content.value })
  if (refused) toast(refused)
  else content.value = ''
})

document.addEventListener('change', async (event) => {
  if (!event.target.matches('[data-option]')) return
  await post('/__phone/options', { name: event.target.name, value: event.target.value })
  toast('已切换，重新打开页面后生效')
})

/** Something changed on this phone: draw the parts that show it again. */
async function refresh() {
  const reply = await fetch(location.href)
  const fresh = new DOMParser().parseFromString(await reply.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`)
    if (next && next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML
  }
  scrollToEnd()
}

function scrollToEnd() {
  const end = document.querySelector('[data-scroll-end]')
  if (end) end.parentElement.scrollTop = end.parentElement.scrollHeight
}

scrollToEnd()
const frame = document.querySelector('iframe.browser')
if (frame) startBrowser(frame)
const events = new EventSource('/__phone/events')
events.addEventListener('message', () => {
  if (!frame) void refresh()
})
// An open stream would hold one of the six connections a browser has for a host.
addEventListener('pagehide', () => events.close())
