import type { Page } from '@playwright/test'
import { launch, submitProof } from './campaign.ts'
import { expect, test } from './fixtures.ts'
import { look } from './looks.ts'
import { taskPage } from './task-page.ts'
import { aTask } from './tasks.ts'

test.use({ seeded: true })

test('keeps what is on the screen while offline, says so, and goes on', async ({ administrator, expecting }) => {
  expecting(/ERR_INTERNET_DISCONNECTED/)
  const { page } = await administrator('张三')
  const task = taskPage(page)
  await task.open('双十二新品上市')
  await expect(task.pending).toBeVisible()
  await page.context().setOffline(true)
  await expect(page.getByText(/暂时无法刷新/).first()).toBeVisible()
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await page.context().setOffline(false)
  await expect(page.getByText(/暂时无法刷新/)).toHaveCount(0)
})

test('is told when the page does not come, and gets it with 「重试」', async ({ administrator, expecting }) => {
  expecting(/503/)
  const { page } = await administrator('张三')
  await taskPage(page).open('双十二新品上市')
  const refused = /\/api\/console\/(tasks|pushes)\/[^/]+(\/executions.*)?$/
  await page.route(refused, (route) => route.fulfill({ status: 503, json: {} }))
  await page.reload()
  const trouble = page.getByRole('alert').filter({ hasText: '没能加载出来' })
  await expect(trouble).toBeVisible()
  await page.unroute(refused)
  await trouble.getByRole('button', { name: '重试' }).click()
  await expect(taskPage(page).pending).toBeVisible()
})

test('says that a task does not exist, or no longer, and asks for it no more', async ({ administrator, expecting }) => {
  expecting(/404.*\/api\/console\//)
  const { page, call } = await administrator()
  await page.goto('/admin/tasks/nowhere')
  await expect(page.getByRole('heading', { name: '任务不存在' })).toBeVisible()
  const name = '看着就被删除'
  const { id } = await call('POST /api/console/tasks', { body: aTask({ name }) })
  await page.goto(`/admin/tasks/${id}`)
  await expect(page.getByRole('heading', { name })).toBeVisible()
  await call('DELETE /api/console/tasks/:taskId', { params: { taskId: id } })
  await expect(page.getByRole('heading', { name: '任务不存在' })).toBeVisible()
  await page.getByRole('link', { name: '回到朋友圈群发' }).click()
  await expect(page.getByRole('heading', { name: '朋友圈群发' })).toBeVisible()
})

test('loads the drawing library on this page alone', async ({ administrator }) => {
  const { page } = await administrator('张三')
  const drawing = drawingLibrary(page)
  for (const path of ['/admin/tasks', '/admin/tasks/new', '/admin/messages', '/admin/settings']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
  }
  expect(await drawing()).toBe(0)
  await taskPage(page).open('双十二新品上市')
  await expect(page.locator('canvas').first()).toBeVisible()
  expect(await drawing()).toBeGreaterThan(0)
})

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
] as const) {
  test(`the states of a task at ${width} px: nobody has done it, all have, it is cancelled`, async ({
    administrator,
    phoneOf,
  }) => {
    const { page, call } = await administrator('林建国', { viewport: { width, height } })
    const task = taskPage(page)
    const looks = (state: string) => look(page, `console-${width}-detail-${state}`)

    const { pushId } = await launch(call, `一人执行 ${width}`, ['lisi'])
    await task.open(`一人执行 ${width}`)
    await task.done.click()
    await expect(page.getByRole('heading', { name: '还没有员工执行' })).toBeVisible()
    await looks('nobody-done')
    await submitProof(await phoneOf('lisi'), pushId, '#5a7')
    await expect(task.row('李四')).toBeVisible()
    await task.pending.click()
    await expect(page.getByRole('heading', { name: '所有员工都已执行' })).toBeVisible()
    await expect(task.remind).toBeDisabled()
    await looks('all-done')

    const name = `取消推送 ${width}`
    await call('POST /api/console/tasks', { body: aTask({ name }) })
    await task.open(name)
    await page.getByRole('button', { name: '取消推送' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '取消推送' }).click()
    await expect(page.getByText('这个推送已取消，员工不会收到卡片。')).toBeVisible()
    await looks('cancelled')
  })
}

/** How many scripts with ECharts' renderer the page has asked for since. */
function drawingLibrary(page: Page): () => Promise<number> {
  const scripts: Promise<string>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.text().catch(() => ''))
  })
  return async () => (await Promise.all(scripts)).filter((text) => text.includes('data-zr-dom-id')).length
}
