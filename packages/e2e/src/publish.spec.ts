import { expect, test } from './fixtures.ts'
import type { Phone } from './phone.ts'
import { issue, uploadPictures } from './phone-tasks.ts'
import { aLink } from './tasks.ts'

const TEXT = '新品到店，欢迎来试[微笑]'
const PUBLISH = '一键复制文案，前往发表'
const COMPOSER = { name: '发表到企业微信朋友圈' }

test.describe.configure({ mode: 'parallel' })
test.afterEach(({ wecom }) => wecom.setClient('zhangsan', { client: 'ios', bridge: 'normal', externalMoments: true }))

/** 「一键复制文案，前往发表」 → 「确认」. */
async function confirm({ inApp }: Phone): Promise<void> {
  await inApp.getByRole('button', { name: PUBLISH }).click()
  await inApp.getByRole('button', { name: '确认' }).click()
}

for (const client of ['ios', 'android'] as const) {
  test(`${client}: a text is copied; the steps lead to WeChat's camera`, async ({ call, phoneOf, wecom }) => {
    const { name } = await issue(call, wecom, { text: TEXT })
    await wecom.setClient('zhangsan', { client })
    const phone = await phoneOf('zhangsan')
    await phone.openCard(name)
    await phone.inApp.getByRole('button', { name: PUBLISH }).click()
    const steps = phone.inApp.getByRole('dialog', { name: '发表步骤' }).getByRole('listitem')
    await expect(steps).toHaveText([/点「确认」，文案自动复制/, /打开微信/, /粘贴文案/, /点「发表」/])
    expect(await steps.locator('svg').count()).toBe(4)
    await phone.inApp.getByRole('button', { name: '确认' }).click()
    await expect(phone.inApp.getByText('文案已复制').first()).toBeVisible()
    expect(await wecom.clipboardOf('zhangsan')).toBe(TEXT)
  })
}

test('pictures alone leave the clipboard as it is', async ({ call, phoneOf, wecom }) => {
  const { name } = await issue(call, wecom, { text: '', images: await uploadPictures(call, 4) })
  const before = await wecom.clipboardOf('zhangsan')
  const phone = await phoneOf('zhangsan')
  await phone.openCard(name)
  await confirm(phone)
  const sheet = phone.inApp.getByRole('dialog', { name: '发表步骤' })
  await expect(sheet.getByText('请按下面的步骤发表')).toBeVisible()
  await expect(sheet.getByText('粘贴')).toHaveCount(0)
  expect(await wecom.clipboardOf('zhangsan')).toBe(before)
})

test('「保存全部」 leads through all pictures, in their own pixels', async ({ call, phoneOf, wecom }) => {
  const { path } = await issue(call, wecom, { images: await uploadPictures(call, 2) }, { executors: ['wangwu'] })
  const phone = await phoneOf('wangwu')
  await phone.openLink(path)
  await phone.inApp.getByRole('button', { name: '保存全部' }).click()
  const viewer = phone.page.getByRole('dialog', { name: '图片查看器' })
  for (const number of [1, 2]) {
    await phone.inApp.getByRole('button', { name: `打开第 ${number} 张` }).click()
    await viewer.getByRole('button', { name: '保存图片' }).click()
    await expect.poll(() => wecom.albumOf('wangwu')).toHaveLength(number)
    await viewer.getByRole('button', { name: '关闭' }).click()
  }
  await phone.inApp.getByRole('button', { name: '都保存好了' }).click()
  for (const { width, height } of await wecom.albumOf('wangwu')) expect([width, height]).toEqual([900, 900])
})

test('a link goes with the share menu of the page', async ({ call, phoneOf, wecom }) => {
  const { name } = await issue(call, wecom, { text: TEXT, link: aLink() })
  const phone = await phoneOf('zhangsan')
  await phone.openCard(name)
  await confirm(phone)
  await expect(phone.inApp.getByText('文案已复制').first()).toBeVisible()
  await phone.page.getByRole('button', { name: '更多' }).click()
  await phone.page.getByRole('button', { name: '转发朋友圈' }).click()
  const composer = phone.page.getByRole('dialog', { name: '发表到微信朋友圈' })
  await composer.getByRole('button', { name: '粘贴' }).click()
  await composer.getByRole('button', { name: '发表', exact: true }).click()
  await expect(composer).toBeHidden()
  expect((await wecom.momentsOf('zhangsan'))[0]).toMatchObject({
    text: TEXT,
    link: { title: '秋季新品', url: 'https://example.com/new' },
  })
})

test.describe('to WeCom Moments', () => {
  test('the composer opens filled in; cancelled it can be opened again', async ({ call, phoneOf, wecom }) => {
    const images = await uploadPictures(call, 3)
    const { name } = await issue(call, wecom, { text: TEXT, images }, { sendScope: 'wecom' })
    const phone = await phoneOf('zhangsan')
    await phone.openCard(name)
    await confirm(phone)
    const composer = phone.page.getByRole('dialog', COMPOSER)
    await composer.getByRole('button', { name: '取消' }).click()
    await expect(phone.inApp.getByText('这次没有发表，可以再打开一次')).toBeVisible()
    await phone.inApp.getByRole('button', { name: '再打开发表页' }).click()
    await composer.getByRole('button', { name: '发表', exact: true }).click()
    await expect(phone.inApp.getByText('发表好了就去上传凭证')).toBeVisible()
    const [moment] = await wecom.momentsOf('zhangsan')
    expect(moment).toMatchObject({ kind: 'wecom', text: TEXT })
    expect(moment!.pictures).toHaveLength(3)
  })

  test('where the client refuses, the reason and the way by hand are shown', async ({ call, phoneOf, wecom }) => {
    const { name } = await issue(call, wecom, { text: TEXT }, { sendScope: 'wecom' })
    await wecom.setClient('zhangsan', { externalMoments: false })
    const phone = await phoneOf('zhangsan')
    await phone.openCard(name)
    await confirm(phone)
    await expect(phone.inApp.getByText('原因：你还没有发表到企业微信朋友圈的权限')).toBeVisible()
    await expect(phone.inApp.getByText('打开企业微信「工作台」→「客户朋友圈」')).toBeVisible()
    expect(await wecom.clipboardOf('zhangsan')).toBe(TEXT)
  })

  test('全部 is two steps, each ticked off and remembered on the phone', async ({ call, phoneOf, wecom }) => {
    const { name } = await issue(call, wecom, { text: TEXT }, { sendScope: 'all' })
    const phone = await phoneOf('zhangsan')
    const { inApp } = phone
    await phone.openCard(name)
    await confirm(phone)
    const composer = phone.page.getByRole('dialog', COMPOSER)
    await composer.getByRole('button', { name: '发表', exact: true }).click()
    await inApp.getByRole('checkbox', { name: '已发表到企业微信朋友圈' }).check()
    await expect(inApp.getByText('接着发表到微信朋友圈')).toBeVisible()
    await (await phone.app()).evaluate(() => location.reload())
    await expect(inApp.getByRole('checkbox', { name: '已发表到企业微信朋友圈' })).toBeChecked()
    await expect(inApp.getByRole('checkbox', { name: '已发表到微信朋友圈' })).not.toBeChecked()
    await inApp.getByRole('checkbox', { name: '已发表到微信朋友圈' }).check()
    await inApp.getByRole('button', { name: '确认' }).click()
    await expect(inApp.getByText('都发表好了，去上传凭证吧')).toBeVisible()
  })
})

for (const [bridge, what] of [
  ['none', 'no bridge at all'],
  ['mute', 'a bridge that never answers'],
  ['late', 'a late bridge'],
  ['old', 'an old client'],
  ['browser', 'plain Chrome without WeCom'],
] as const) {
  test(`${what}: text and pictures are still there for the taking`, async ({ call, phoneOf, wecom }) => {
    const images = await uploadPictures(call, 1)
    const { path } = await issue(call, wecom, { text: TEXT, images }, { sendScope: 'all' })
    await wecom.setClient('zhangsan', { bridge, client: 'android' })
    const phone = await phoneOf('zhangsan', { permissions: ['clipboard-read', 'clipboard-write'] })
    const { inApp } = phone
    await phone.openLink(path)
    await inApp.getByRole('button', { name: '查看图片 1' }).click()
    const native = ['late', 'old'].includes(bridge)
    const viewer = (native ? phone.page : inApp).getByRole('dialog', { name: '图片查看器' })
    await expect(viewer).toBeVisible({ timeout: 3000 })
    await viewer.getByRole('button', { name: native ? '关闭' : '关闭图片' }).click()
    await expect(viewer).toBeHidden()

    await confirm(phone)
    await expect(inApp.getByText('文案已复制').first()).toBeVisible()
    const copied = native
      ? await wecom.clipboardOf('zhangsan')
      : await (await phone.app()).evaluate(() => navigator.clipboard.readText())
    expect(copied).toBe(TEXT)
    if (bridge === 'late') {
      await phone.page.getByRole('dialog', COMPOSER).getByRole('button', { name: '发表', exact: true }).click()
    } else {
      await expect(inApp.getByText('打开企业微信「工作台」→「客户朋友圈」')).toBeVisible()
    }
    await inApp.getByRole('link', { name: '发表好了，去上传凭证' }).click()
    await expect(inApp.getByRole('heading', { name: '上传发送凭证' })).toBeVisible()
  })
}

test('while WeCom does not know the domain, the browser copies, and the way by hand is shown with the reason', async ({
  call,
  phoneOf,
  wecom,
}) => {
  const { path } = await issue(call, wecom, { text: TEXT }, { sendScope: 'wecom' })
  await wecom.verifyDomain(false)
  try {
    const phone = await phoneOf('zhangsan', { permissions: ['clipboard-read', 'clipboard-write'] })
    await phone.openLink(path)
    await confirm(phone)
    await expect(phone.inApp.getByText('原因：企业微信没有认出这个应用，请联系管理员')).toBeVisible()
    await expect(phone.inApp.getByText('打开企业微信「工作台」→「客户朋友圈」')).toBeVisible()
    expect(await (await phone.app()).evaluate(() => navigator.clipboard.readText())).toBe(TEXT)
  } finally {
    await wecom.verifyDomain(true)
  }
})

test('pages reached without a load are signed for, each by its own address', async ({ call, phoneOf, wecom }) => {
  const owner = 'zhaoliu'
  const { name } = await issue(call, wecom, { text: TEXT }, { executors: [owner] })
  const phone = await phoneOf(owner)
  const signed: string[] = []
  phone.page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    if (pathname === '/api/me/jssdk/signature') signed.push(new URL(searchParams.get('url')!).pathname)
  })
  await phone.openWorkbench()
  await phone.inApp.getByRole('link', { name: '查看所有' }).click()
  await phone.inApp.getByRole('article', { name }).getByRole('link', { name: '任务详情' }).click()
  await confirm(phone)
  await expect.poll(() => wecom.clipboardOf(owner)).toBe(TEXT)
  const here = new URL((await phone.app()).url()).pathname
  expect(signed.at(-1)).toBe(here)
})
