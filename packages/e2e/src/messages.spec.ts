import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { DAY } from '@qimeng/contract'
import * as XLSX from 'xlsx'
import { type Administrator, expect, test } from './fixtures.ts'
import { aPush, aTask, createDueNow } from './tasks.ts'

// The demo's past has what takes hours to come about: a missed push, cards that WeCom did not deliver.
test.use({ seeded: true, company: 'messages' })

const bellOf = (page: Page) => page.getByRole('region', { name: '顶栏' }).getByRole('link', { name: /^消息/ })
const messagesOf = (page: Page) => page.getByRole('region', { name: '消息列表' }).getByRole('listitem')

test('the bell counts what one has not read; what one administrator reads is still new to another', async ({
  administrator,
}) => {
  const { page, call } = await administrator()
  const { unread } = await call('GET /api/console/messages/unread')
  expect(unread).toBeGreaterThan(1)
  await expect(bellOf(page)).toHaveAccessibleName(`消息，${unread} 条未读`)

  await bellOf(page).click()
  const missed = messagesOf(page).filter({ hasText: '推送「快闪开幕」已错过' })
  await missed.getByRole('link', { name: '查看推送' }).click()
  await expect(page.getByRole('heading', { name: '周末快闪店打卡' })).toBeVisible()
  await expect(page.getByRole('button', { name: '立即推送' })).toBeVisible()
  await expect(bellOf(page)).toHaveAccessibleName(`消息，${unread - 1} 条未读`)

  await page.goBack()
  await expect(missed.getByRole('button', { name: '标为已读' })).toBeHidden()
  await expect(messagesOf(page).filter({ hasText: /人可能没有收到任务卡片/ })).toContainText('未送达 2 人')
  const all = page.getByRole('button', { name: '全部标为已读' })
  await all.click()
  await expect(all).toBeDisabled()
  await expect(bellOf(page)).toHaveAccessibleName('消息，没有未读')

  const other = await administrator('张三')
  await expect(bellOf(other.page)).toHaveAccessibleName(/\d+ 条未读/)
})

test('an export goes on without a browser, and through a power cut; its file is for who asked', async ({
  administrator,
  stack,
  expecting,
}) => {
  // Whoever else is there while the server is away.
  expecting(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/)
  const first = await administrator()
  await startExport(first)
  await first.page.context().close()
  await stack.kill()
  await stack.start()

  const { page, call } = await administrator()
  await page.goto('/admin/messages')
  const message = messagesOf(page).filter({ hasText: '导出「秋冬会员日预热」已执行名单' }).first()
  const file = message.getByRole('link', { name: '下载' })
  await expect(file).toBeVisible()
  await expect(message).toContainText('16 行')
  await expect(message).toContainText(/保留至 \d{4}-\d\d-\d\d \d\d:\d\d/)
  const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
  expect(download.suggestedFilename()).toMatch(/^秋冬会员日预热.*已执行.*\.xlsx$/)
  const { Sheets, SheetNames } = XLSX.read(await readFile(await download.path()))
  expect(XLSX.utils.sheet_to_json(Sheets[SheetNames[0]!]!)).toHaveLength(16)
  await expect(message.getByRole('button', { name: '标为已读' }), 'a downloaded file is no news').toBeHidden()

  const other = await administrator('张三')
  await other.page.goto('/admin/messages')
  await expect(messagesOf(other.page).first()).toBeVisible()
  const { rows } = await call('GET /api/console/messages')
  const exportId = rows.find(({ export: mine }) => mine)!.export!.id
  expect((await other.call('GET /api/console/messages')).rows.map((row) => row.export?.id)).not.toContain(exportId)
  const address = `/api/console/exports/${exportId}/file`
  expect((await other.page.request.get(address)).status()).toBe(404)

  await page.clock.setFixedTime(Date.now() + 8 * DAY)
  await expect(message).toContainText('文件已过期清理，需要时请重新导出。')
  await expect(file).toBeHidden()
})

test('an export that failed says why, and 「重试」 makes its file without a reload', async ({
  administrator,
  stack,
  expecting,
}) => {
  expecting(/an export failed/)
  const { page, call } = await administrator()
  const place = `${stack.dataFolder}/blobs/exports`
  await test.step('there is no place for files', async () => {
    await rm(place, { recursive: true, force: true })
    await writeFile(place, '')
  })
  await startExport({ page, call })
  await page.goto('/admin/messages')
  const message = messagesOf(page).filter({ hasText: '导出「秋冬会员日预热」已执行名单' }).first()
  await expect(message).toContainText('导出失败：系统出错了，请重试')
  await message.getByRole('button', { name: '标为已读' }).click()
  await rm(place)
  await mkdir(place)
  await message.getByRole('button', { name: '重试' }).click()
  await expect(message.getByRole('link', { name: '下载' })).toBeVisible()
  await expect(message.getByRole('button', { name: '标为已读' }), 'it is news again').toBeVisible()
})

// Twelve rows are done before anybody looks: the server's answers about 3,000 are played here. That it gives them while it
// works is tested in apps/server/src/exports.
test('the bar of a running export moves while the page is open', async ({ administrator }) => {
  const { page, call } = await administrator()
  await startExport({ page, call })
  const file = await test.step('it is done', async () => {
    const newest = async () => (await call('GET /api/console/messages')).rows[0]!
    await expect.poll(async () => (await newest()).export?.state).toBe('done')
    return (await newest()).export!
  })
  let now: object = { state: 'queued', rowsDone: 0, rowsTotal: 0, bytes: null, expiresAt: null }
  await page.route(/\/api\/console\/messages(\?|$)/, async (route) => {
    const response = await route.fetch()
    const answer = (await response.json()) as { rows: object[] }
    answer.rows[0] = { ...answer.rows[0], export: { ...file, ...now } }
    await route.fulfill({ response, json: answer })
  })
  await page.goto('/admin/messages')
  const message = messagesOf(page).first()
  await expect(message.getByRole('status')).toHaveText('排队中…')
  const { y } = (await messagesOf(page).nth(1).boundingBox())!
  for (const [rowsDone, percent] of [
    [1000, '30'],
    [2000, '60'],
    [3000, '90'],
  ] as const) {
    now = { state: 'running', rowsDone, rowsTotal: 3000, bytes: null, expiresAt: null }
    await expect(message.getByRole('progressbar')).toHaveAttribute('aria-valuenow', percent)
  }
  now = {}
  await expect(message.getByRole('link', { name: '下载' })).toBeVisible()
  expect((await messagesOf(page).nth(1).boundingBox())!.y, 'nothing below has jumped').toBe(y)
})

test('when WeCom refuses the configuration, the open page says so and leads to its check', async ({
  administrator,
  wecom,
  expecting,
}) => {
  expecting(/60020/)
  const { page, call } = await administrator()
  await page.goto('/admin/messages')
  await expect(messagesOf(page).first()).toBeVisible()
  await wecom.refuseCards(60020)
  const name = '配置出错的任务'
  await createDueNow(call, (now) => aTask({ name, pushes: [aPush({ scheduledAt: now })] }))
  const alert = messagesOf(page).filter({ hasText: '企业微信拒绝了应用的配置' })
  await expect(alert).toContainText('会自动继续发送')
  await alert.getByRole('link', { name: '查看配置检查' }).click()
  await expect(page.getByRole('heading', { name: '配置检查' })).toBeVisible()
})

/** 「导出」 of 16 people who have done it all, as it is pressed on the task's page. */
async function startExport({ page, call }: Administrator): Promise<void> {
  const { rows } = await call('GET /api/console/tasks', { query: { keyword: '秋冬会员日预热' } })
  await page.goto(`/admin/tasks/${rows[0]!.id}`)
  await page.getByRole('tab', { name: /^已执行/ }).click()
  await expect(page.getByRole('tab', { name: '已执行 16' })).toBeVisible()
  await page.getByRole('button', { name: '导出' }).click()
  await expect(page.getByRole('status').getByRole('link', { name: '「消息」' })).toBeVisible()
}
