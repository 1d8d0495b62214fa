import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { aCard, aSimulator, type TestSimulator } from '../test/harness.ts'
import { xmlText } from '../callbacks/xml.ts'
import { AES_KEY, startListeningApp, TOKEN } from '../test/listening-app.ts'
import { startTinyApp, type TinyApp } from '../test/tiny-app.ts'

// The unmodified @wecom/jssdk, in a page of its own app, on a phone of this simulator.

// The one that npm test found, else Debian's, else the one Playwright brought.
const systemChromium =
  process.env.CHROMIUM_PATH ||
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path))

let app: TinyApp
let wecom: TestSimulator
let browser: Browser
let context: BrowserContext
let page: Page
let complaints: string[]

beforeAll(async () => {
  browser = await chromium.launch({
    ...(systemChromium ? { executablePath: systemChromium } : {}),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
})
afterAll(() => browser.close())

beforeEach(async () => {
  app = await startTinyApp()
  wecom = await aSimulator({ appUrl: app.url })
  Object.assign(app.wecom, { url: wecom.url, ...wecom.corp })
  complaints = []
  context = await browser.newContext({ viewport: { width: 1000, height: 900 } })
  page = await context.newPage()
  page.on('console', (message) => {
    // The tiny app's empty icon is refused by its own policy.
    if (['error', 'warning'].includes(message.type()) && !message.text().includes("'data:,'"))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => {
    // The SDK leaves the refusal of a config unhandled: a plain object, reported as such.
    if (error.message !== 'Object') complaints.push(error.message)
  })
})
afterEach(async () => {
  await context.close()
  await wecom.close()
  await app.close()
  expect(complaints).toEqual([])
})

const phone = (userid = 'zhangsan') => `http://${userid}.localhost:${wecom.port}`

async function openApp(userid = 'zhangsan'): Promise<Frame> {
  await page.goto(`${phone(userid)}/__phone/workbench`)
  await page.getByRole('link', { name: '企盟助手' }).click()
  await page.frameLocator('iframe.browser').locator('body[data-ready]').waitFor()
  return page.frames().find((frame) => frame.url().startsWith(`${phone(userid)}/m/`))!
}

/** Registers with the SDK inside the page; answers what its callbacks say. */
const register = (frame: Frame, change: Record<string, unknown> = {}) =>
  frame.evaluate(`configured(${JSON.stringify({ ...wecom.corp, ...change })})`)
/** An SDK call; answers its result or its errMsg. */
const ww = (frame: Frame, call: string) => frame.evaluate(`ww.${call}.then((r) => r, (e) => e.errMsg)`)

test(
  'both signatures are verified with the real tickets, for the address the app knows',
  { timeout: 60_000 },
  async () => {
    const frame = await openApp()
    expect(await frame.locator('#who').textContent()).toBe('zhangsan')
    expect(await register(frame, { only: 'corp' })).toBe('config ok')
    expect(await register(frame)).toBe('agentConfig ok')
    expect(await ww(frame, "setClipboardData({ data: '秋天的第一杯奶茶 [微笑]' })")).toMatchObject({
      errMsg: 'setClipboardData:ok',
    })
    expect(await wecom.control('GET', '/phones/zhangsan/clipboard')).toEqual({ text: '秋天的第一杯奶茶 [微笑]' })
    expect(await ww(frame, 'getClipboardData()')).toMatchObject({ data: '秋天的第一杯奶茶 [微笑]' })
  },
)

test('the corp ticket does not pass for the app ticket', { timeout: 60_000 }, async () => {
  const frame = await openApp()
  expect(await register(frame, { agentTicket: 'corp' })).toMatch(/^agentConfig agentConfig:.*invalid signature/)
})

test('while the domain is nobody’s, no signature is good enough (85005)', { timeout: 60_000 }, async () => {
  const frame = await openApp()
  await wecom.control('PATCH', '/settings', { domainVerified: false })
  expect(await register(frame)).toMatch(/^agentConfig agentConfig:.*85005/)
})

test('every call is verified again with the signature it carries', { timeout: 60_000 }, async () => {
  const frame = await openApp()
  await register(frame)
  expect(await ww(frame, "setClipboardData({ data: '一' })")).toMatchObject({ errMsg: 'setClipboardData:ok' })
  // A page that is not where it was when it was signed, and does not ask the SDK.
  const outcome = await frame.evaluate(`new Promise((resolve) => {
    const { invoke } = window.WeixinJSBridge
    window.WeixinJSBridge.invoke = (name, params, callback) => {
      history.replaceState(null, '', '/m/elsewhere')
      invoke(name, params, (result) => { resolve(result.err_msg); callback(result) })
    }
    ww.setClipboardData({ data: '二' }).catch(() => {})
  })`)
  expect(outcome).toBe('setClipboardData:fail_no permission to execute')
  expect(await wecom.control('GET', '/phones/zhangsan/clipboard')).toEqual({ text: '一' })
})

test('a press of a card’s button reaches the app', { timeout: 60_000 }, async () => {
  const listening = await startListeningApp()
  const address = { url: listening.url, token: TOKEN, aesKey: AES_KEY }
  expect(await wecom.control('PUT', '/callback', address)).toEqual({ ok: true })
  const template_card = {
    card_type: 'button_interaction',
    task_id: 'mt-42-b001-0',
    main_title: { title: '新品朋友圈' },
    button_list: [{ text: '稍后提醒', key: 'later:42' }],
  }
  await wecom.call('message/send', {}, aCard({ msgtype: 'template_card', template_card }))
  await page.goto(`${phone()}/__phone/messages/assistant`)
  await page.getByRole('button', { name: '稍后提醒' }).click()
  await page.getByText('已告诉应用').waitFor()
  await expect.poll(() => listening.heard.map(({ xml }) => xmlText(xml, 'EventKey'))).toEqual(['later:42'])
  await listening.close()
})

test('what is written to the app reaches it, and stands in the conversation', { timeout: 60_000 }, async () => {
  await page.goto(`${phone()}/__phone/messages/assistant`)
  expect(await page.getByRole('textbox', { name: '写给企盟助手' }).count()).toBe(0)
  const listening = await startListeningApp()
  await wecom.control('PUT', '/callback', { url: listening.url, token: TOKEN, aesKey: AES_KEY })
  await page.reload()
  await page.getByRole('textbox', { name: '写给企盟助手' }).fill('任务 <b>')
  await page.getByRole('button', { name: '发送' }).click()
  await page.getByText('任务 <b>').waitFor()
  await expect.poll(() => listening.heard.map(({ xml }) => xmlText(xml, 'Content'))).toEqual(['任务 <b>'])
  await listening.close()
})

test('a picture is saved from the viewer, which has no cookies of the page', { timeout: 60_000 }, async () => {
  const frame = await openApp()
  await register(frame)
  void ww(
    frame,
    "previewImage({ current: '/photo.jpg', urls: ['/photo.jpg', '/private.jpg'].map((p) => location.origin + p) })",
  )
  await page.getByRole('button', { name: '保存图片' }).click()
  await page.getByText('已保存到相册').waitFor()
  await page.getByRole('button', { name: '下一张' }).click()
  await page.getByText('图片加载失败').waitFor()
  expect(await wecom.control('GET', '/phones/zhangsan/album')).toMatchObject([{ width: 640, height: 480 }])
})

test(
  'WeCom Moments: published is ok, left is cancel, without permission it is refused',
  { timeout: 60_000 },
  async () => {
    const frame = await openApp()
    await register(frame)
    const call =
      "shareToExternalMoments({ text: { content: '上新' }, attachments: [{ msgtype: 'image', image: { imgUrl: location.origin + '/photo.jpg' } }] })"
    const published = ww(frame, call)
    await page.getByRole('button', { name: '发表' }).click()
    expect(await published).toMatchObject({ errMsg: 'shareToExternalMoments:ok' })
    expect(await wecom.control('GET', '/phones/zhangsan/moments')).toMatchObject([
      { kind: 'wecom', text: '上新', pictures: [expect.any(String)] },
    ])
    const cancelled = ww(frame, call)
    await page.getByRole('button', { name: '取消' }).click()
    expect(await cancelled).toBe('shareToExternalMoments:cancel')
    const titled = (title: string) =>
      `shareToExternalMoments({ attachments: [{ msgtype: 'link', link: { title: '${title}', url: 'https://shop.example/' } }] })`
    expect(await ww(frame, titled('新'.repeat(22)))).toBe('shareToExternalMoments:invalid attachments size')
    const fitting = ww(frame, titled('新'.repeat(21)))
    await page.getByRole('button', { name: '取消' }).click()
    expect(await fitting).toBe('shareToExternalMoments:cancel')
    await wecom.control('PATCH', '/phones/zhangsan/options', { externalMoments: false })
    expect(await ww(frame, call)).toBe('shareToExternalMoments:permission denied')
  },
)

test('转发朋友圈 carries what the page told the menu, else the page itself', { timeout: 60_000 }, async () => {
  const frame = await openApp()
  await register(frame)
  const forward = async () => {
    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('button', { name: '转发朋友圈' }).click()
    await page.getByRole('button', { name: '发表' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await forward()
  await frame.evaluate(
    "ww.onMenuShareTimeline({ title: '秋季上新', link: 'https://shop.example/a', imgUrl: location.origin + '/photo.jpg' })",
  )
  await forward()
  expect(await wecom.control('GET', '/phones/zhangsan/moments')).toMatchObject([
    { link: { title: '秋季上新', url: 'https://shop.example/a', cover: expect.any(String) } },
    { link: { title: '小应用', url: `${app.url}/m/#wechat_redirect` } },
  ])
})

test('the whole job by hand: card, copy, publish, screenshot, choose', { timeout: 60_000 }, async () => {
  await wecom.call(
    'message/send',
    {},
    aCard({ textcard: { title: '秋季上新', description: 'd', url: `${app.url}/m/` } }),
  )
  await page.goto(`${phone()}/__phone/`)
  await page.getByRole('link', { name: '企盟助手 1 条未读' }).click()
  await page.getByRole('link', { name: '秋季上新' }).click()
  await page.frameLocator('iframe.browser').locator('body[data-ready]').waitFor()
  await page.getByRole('button', { name: '关闭' }).click()
  await page.getByRole('link', { name: '返回' }).click()
  await wecom.control('POST', '/phones/zhangsan/clipboard', { text: '到店八折' })
  await page.getByRole('link', { name: '朋友圈' }).click()
  await page.getByRole('button', { name: '发表' }).click()
  await page.getByRole('button', { name: '粘贴' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '发表' }).click()
  await page.getByRole('article').getByText('到店八折').waitFor()
  await page.getByRole('article').getByRole('button', { name: '截屏' }).click()
  await page.getByText('截屏已保存到相册').waitFor()
  expect(await wecom.control('GET', '/phones/zhangsan/album')).toMatchObject([
    { type: 'image/png', width: 750, height: 1334 },
  ])
  await page.getByRole('link', { name: '相册' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载' }).click()
  expect((await download).suggestedFilename()).toMatch(/\.png$/)
})

test(
  'who publishes while the clipboard is still on its way publishes what he pasted',
  { timeout: 60_000 },
  async () => {
    await wecom.control('POST', '/phones/zhangsan/clipboard', { text: '到店八折' })
    await page.goto(`${phone()}/__phone/moments`)
    await page.getByRole('button', { name: '发表' }).click()
    let letThrough!: () => void
    const published = new Promise<void>((resolve) => (letThrough = resolve))
    await page.route('**/__phone/clipboard', async (route) => {
      await published
      await route.continue()
    })
    await page.getByRole('button', { name: '粘贴' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '发表' }).click()
    letThrough()
    await page.getByRole('article').getByText('到店八折').waitFor()
  },
)

test('a file field opens the phone album, or the dialog of the computer', { timeout: 60_000 }, async () => {
  const frame = await openApp()
  await register(frame)
  void ww(frame, "previewImage({ current: '/photo.jpg', urls: [location.origin + '/photo.jpg'] })")
  await page.getByRole('button', { name: '保存图片' }).click()
  await page.getByText('已保存到相册').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click()

  const field = frame.getByLabel('凭证')
  await field.click()
  await page.getByRole('button', { name: '从手机相册选择' }).click()
  await page.getByRole('button', { name: 'IMG_0001.jpg' }).click()
  await page.getByRole('button', { name: '完成' }).click()
  await expect
    .poll(() => frame.evaluate("[...document.querySelector('input').files].map((file) => [file.name, file.type])"))
    .toEqual([['IMG_0001.jpg', 'image/jpeg']])

  const dialog = page.waitForEvent('filechooser')
  await field.click()
  await page.getByRole('button', { name: '从电脑选择' }).click()
  await dialog
})

test('who types before the front page has its script finds people all the same', { timeout: 60_000 }, async () => {
  let letThrough!: () => void
  const typed = new Promise<void>((resolve) => (letThrough = resolve))
  await page.route('**/live-search.js', async (route) => {
    await typed
    await route.continue()
  })
  await page.goto(wecom.url, { waitUntil: 'commit' })
  await page.getByRole('searchbox', { name: '搜索姓名或账号' }).fill('张三')
  letThrough()
  await page.waitForURL((url) => url.searchParams.get('q') === '张三')
  await page.getByRole('link', { name: '林建国' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: '张三', exact: true }).waitFor()
})

test('a message appears on an open phone by itself', { timeout: 60_000 }, async () => {
  await page.goto(`${phone()}/__phone/messages`)
  await page.getByText('还没有消息').waitFor()
  await wecom.call('message/send', {}, aCard())
  await page.getByRole('link', { name: '企盟助手 1 条未读' }).waitFor()
  await page.getByRole('link', { name: '消息' }).getByLabel('1 条未读').waitFor()
})

test('a late bridge is waited for; an old client has no shareToExternalMoments', { timeout: 60_000 }, async () => {
  await wecom.control('PATCH', '/phones/lisi/options', { bridge: 'late' })
  expect(await register(await openApp('lisi'))).toBe('agentConfig ok')
  await wecom.control('PATCH', '/phones/wangwu/options', { bridge: 'old' })
  const frame = await openApp('wangwu')
  expect(await register(frame)).toBe('config ok')
  expect(await ww(frame, "shareToExternalMoments({ text: { content: 'x' }, attachments: [] })")).toMatch(
    /functionnotexist/,
  )
})
