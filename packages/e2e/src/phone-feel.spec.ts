import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from './fixtures.ts'
import type { Phone } from './phone.ts'
import { issue } from './phone-tasks.ts'
import { aScreenshot } from './pictures.ts'
import { root } from './service.ts'

const PUBLISH = '一键复制文案，前往发表'
const heading = ({ inApp }: Phone, name: string) => inApp.getByRole('heading', { name, exact: true })

test.describe('the back button', () => {
  test('closes the sheet first, then the page, and a finished proof is not met again', async ({
    call,
    phoneOf,
    wecom,
  }) => {
    const { name } = await issue(call, wecom)
    const phone = await phoneOf('zhangsan')
    const { inApp } = phone
    await phone.openWorkbench()
    await expect(inApp.getByRole('article').first()).toBeVisible()
    await inApp.getByRole('link', { name: '查看所有' }).click()
    await inApp.getByRole('article', { name }).getByRole('link', { name: '任务详情' }).click()
    await inApp.getByRole('button', { name: PUBLISH }).click()
    const sheet = inApp.getByRole('dialog', { name: '发表步骤' })
    await expect(sheet).toBeVisible()
    await phone.back()
    await expect(sheet).toBeHidden()
    await expect(heading(phone, name)).toBeVisible()

    await inApp.getByRole('link', { name: '上传发送凭证' }).click()
    await phone.uploadProof(await aScreenshot('1.jpg', '#4a7'))
    await inApp.getByRole('link', { name: '查看任务' }).click()
    await expect(heading(phone, '已上传的凭证')).toBeVisible()
    await phone.back()
    await expect(inApp.getByRole('tab', { name: '待执行' })).toBeVisible()
    await phone.back()
    await expect(heading(phone, '企盟助手')).toBeVisible()
  })

  test('the way up leads to where one came from, and does not pile pages up', async ({ call, phoneOf, wecom }) => {
    const { name, path } = await issue(call, wecom)
    const phone = await phoneOf('zhangsan')
    const { inApp } = phone
    const placeInHistory = async () =>
      (await phone.app()).evaluate(() => (history.state as { position: number }).position)
    await phone.openWorkbench()
    // The page is there before the login, which adds to the history; what is to be done is not.
    await expect(inApp.getByRole('article').first()).toBeVisible()
    const start = await placeInHistory()
    await inApp.getByRole('link', { name: '查看所有' }).click()
    await inApp.getByRole('article', { name }).getByRole('link', { name: '任务详情' }).click()
    await inApp.getByRole('link', { name: '全部任务' }).click()
    await inApp.getByRole('link', { name: '首页' }).click()
    await expect(heading(phone, '企盟助手')).toBeVisible()
    expect(await placeInHistory()).toBe(start)

    // By a card there is nothing to go back to: the list opens all the same.
    await phone.openLink(path)
    await inApp.getByRole('link', { name: '全部任务' }).click()
    await expect(inApp.getByRole('tab', { name: '待执行' })).toBeVisible()
  })
})

test('a keyboard reaches everything, stays in a sheet while it is open, and goes on where it was', async ({
  call,
  phoneOf,
  wecom,
}) => {
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  const { inApp, page } = phone
  await phone.openLink(path)
  const publish = inApp.getByRole('button', { name: PUBLISH })
  await expect(publish).toBeVisible()
  await inApp.getByRole('link', { name: '全部任务' }).focus()
  await page.keyboard.press('Tab')
  await expect(publish).toBeFocused()
  await page.keyboard.press('Enter')
  const sheet = inApp.getByRole('dialog', { name: '发表步骤' })
  await expect(sheet.getByRole('button', { name: '关闭' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(sheet.getByRole('button', { name: '确认' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(publish).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(heading(phone, '上传发送凭证')).toBeVisible()
})

test('a slow answer finds a page that does not jump', async ({ call, phoneOf, wecom }) => {
  const { path, name } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  await phone.page.context().addInitScript(() => {
    const shifts = { sum: 0 }
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.sum += (entry as PerformanceEntry & { value: number }).value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  let answer = () => undefined as void
  await phone.page.route('**/api/me/pushes/*', async (route) => {
    await new Promise<void>((resolve) => (answer = resolve))
    await route.continue()
  })
  await phone.openLink(path)
  await expect(phone.inApp.getByRole('status', { name: '正在加载' })).toBeVisible()
  answer()
  await expect(heading(phone, name)).toBeVisible()
  await expect(phone.inApp.getByRole('button', { name: PUBLISH })).toBeVisible()
  const { sum } = await (await phone.app()).evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts)
  // What Google calls good; a person does not notice less.
  expect(sum).toBeLessThan(0.1)
})

test('a card opened for the first time costs a phone at most 110 KB of code', async ({ call, phoneOf, wecom }) => {
  const { path, name } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  const files = new Set<string>()
  phone.page.on('request', (request) => {
    const [, file] = /\/m\/(assets\/.+\.(?:js|css))$/.exec(request.url()) ?? []
    if (file) files.add(file)
  })
  await phone.openLink(path)
  await expect(heading(phone, name)).toBeVisible()
  await phone.page.waitForLoadState('networkidle')
  // pnpm check counts the same from the build's manifest; this sees that nothing else is loaded besides.
  const bytes = [...files].map((file) => gzipSync(readFileSync(join(root, 'apps/mobile/dist', file))).length)
  expect(bytes.reduce((sum, each) => sum + each, 0) / 1024).toBeLessThanOrEqual(110)
  expect(files.size).toBeGreaterThan(3)
})

test('an answer cut half-way says so, and the next one is taken', async ({ call, phoneOf, wecom }) => {
  const { path, name } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  await phone.page.route(
    '**/api/me/pushes/*',
    (route) => route.fulfill({ contentType: 'application/json', body: '{"pushId":"01m8' }),
    { times: 1 },
  )
  await phone.openLink(path)
  await expect(heading(phone, '暂时无法完成')).toBeVisible()
  await phone.inApp.getByRole('button', { name: '重试' }).click()
  await expect(heading(phone, name)).toBeVisible()
})

test('pulled down without a network, the list says so and stays as it is', async ({
  call,
  phoneOf,
  wecom,
  expecting,
}) => {
  const { name } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  const { inApp, page } = phone
  await phone.openLink('/m/tasks')
  await expect(inApp.getByRole('article', { name })).toBeVisible()
  expecting(/ERR_INTERNET_DISCONNECTED/)
  await page.route('**/api/me/executions?*', (route) => route.abort('internetdisconnected'))
  await pullDown(phone)
  await expect(inApp.getByRole('alert')).toContainText('网络不可用，请检查网络后重试')
  await expect(inApp.getByRole('article', { name })).toBeVisible()
  await page.unroute('**/api/me/executions?*')
  await inApp.getByRole('button', { name: '重试' }).click()
  await expect(inApp.getByRole('alert')).toHaveCount(0)
})

test('a session that ends in the middle of a proof costs no picture', async ({ call, phoneOf, wecom, expecting }) => {
  expecting(/401/)
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  await phone.openLink(`${path}/proof`)
  await phone.inApp.getByLabel('上传发送凭证').setInputFiles([await aScreenshot('1.jpg', '#b5a')])
  await expect(phone.inApp.getByText('已上传', { exact: true })).toHaveCount(1)
  await wecom.forgetLogin('zhangsan')
  await phone.inApp.getByLabel('上传发送凭证').setInputFiles([await aScreenshot('2.jpg', '#5ba')])
  await expect(phone.inApp.getByText('已上传', { exact: true })).toHaveCount(2)
  await phone.inApp.getByRole('button', { name: '确认' }).click()
  await expect(phone.inApp.getByRole('heading', { name: '提交成功' })).toBeVisible()
})

test('a link deep into the app survives the login, which is one, also on a phone’s first visit', async ({
  call,
  phoneOf,
  wecom,
}) => {
  const { path, name } = await issue(call, wecom)
  await wecom.forgetLogin('zhangsan')
  const phone = await phoneOf('zhangsan')
  let logins = 0
  phone.page.on('request', (request) => (logins += Number(new URL(request.url()).pathname === '/auth/me/login')))
  await phone.openLink(`${path}/proof`)
  await expect(heading(phone, '上传发送凭证')).toBeVisible()
  await expect(phone.inApp.getByText(name)).toBeVisible()
  expect(logins).toBe(1)
  await wecom.forgetLogin('zhangsan')
  await phone.openLink('/m/tasks?state=done')
  await expect(phone.inApp.getByRole('tab', { name: '已执行' })).toHaveAttribute('aria-selected', 'true')
})

/** A thumb pulls the page down and lets go. */
async function pullDown({ page }: Phone): Promise<void> {
  const screen = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
    screen.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 180, y }] })
  await touch('touchStart', 260)
  for (let y = 280; y <= 520; y += 20) await touch('touchMove', y)
  await touch('touchEnd')
}
