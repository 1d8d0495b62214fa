import type { Page } from '@playwright/test'
import { DAY, formatShanghai } from '@qimeng/contract'
import { type Administrator, expect, test } from './fixtures.ts'
import { look } from './looks.ts'
import { taskForm } from './task-form.ts'
import { openTaskList } from './task-list.ts'
import { aPush, aTask, createDueNow } from './tasks.ts'

type Call = Administrator['call']

const LIST = '**/api/console/tasks?*'
const dayOf = (ms: number) => formatShanghai(ms).slice(0, 10)

async function create(call: Call, ...names: string[]) {
  const ids = []
  for (const name of names) ids.push((await call('POST /api/console/tasks', { body: aTask({ name }) })).id)
  return ids
}

async function deleteAll(call: Call) {
  const { rows } = await call('GET /api/console/tasks', { query: { limit: 1000 } })
  for (const { id } of rows) await call('DELETE /api/console/tasks/:taskId', { params: { taskId: id } })
}

/** The list's requests wait until `go` is called. */
async function holdBack(page: Page) {
  const { promise, resolve: go } = Promise.withResolvers<void>()
  await page.route(LIST, async (route) => {
    await promise
    await route.fallback()
  })
  return go
}

test('before the first task, the list says how to begin', async ({ administrator }) => {
  const { page, call } = await administrator()
  await deleteAll(call)
  await openTaskList(page)
  await expect(page.getByRole('heading', { name: '还没有任务' })).toBeVisible()
  await look(page, 'list-empty')
  await page.getByRole('button', { name: '新建任务' }).click()
  await expect(page).toHaveURL(/\/admin\/tasks\/new$/)
})

test('finding a task by one or two characters of its name or of who created it', async ({ administrator }) => {
  const { call } = await administrator('张三')
  await create(call, '凤凰山踏青', '黄山徒步[微笑]', '100%好评')
  const { page, call: linJianguo } = await administrator('林建国')
  await create(linJianguo, '鳯巢开业')
  const list = await openTaskList(page)
  const found = () => expect.poll(() => list.names())

  await list.search.fill('凰')
  await found().toEqual(['凤凰山踏青'])
  await expect(list.pager).toHaveText('共 1 个任务')
  await list.search.fill('山')
  await found().toEqual(['黄山徒步[微笑]', '凤凰山踏青'])
  await list.search.fill('黄山')
  await found().toEqual(['黄山徒步[微笑]'])
  await list.search.fill('％')
  await found().toEqual(['100%好评'])
  await list.search.fill('林建')
  await expect(list.row('鳯巢开业')).toBeVisible()
  for (const creator of await list.table.getByRole('row').all()) await expect(creator).not.toContainText('张三')
  await list.search.fill('zs')
  await expect(list.row('凤凰山踏青')).toBeVisible()
  await expect(list.row('鳯巢开业')).toHaveCount(0)

  await list.search.fill('无此')
  await expect(page.getByRole('heading', { name: '没有符合条件的任务' })).toBeVisible()
  await page.getByRole('main').getByRole('button', { name: '清除筛选' }).last().click()
  await expect(list.search).toHaveValue('')
  await expect(list.row('鳯巢开业')).toBeVisible()
})

test('narrowing the list down by state, scope and day of creation', async ({ administrator }) => {
  const { page, call } = await administrator()
  const plan = (name: string, change = {}) =>
    call('POST /api/console/tasks', { body: aTask({ name: `筛选${name}`, ...change }) })
  await plan('未开始')
  await createDueNow(call, (now) =>
    aTask({ name: '筛选进行中', sendScope: 'all', pushes: [aPush({ scheduledAt: now }), aPush()] }),
  )
  const { id } = await plan('已结束')
  const { pushes } = await call('GET /api/console/tasks/:taskId', { params: { taskId: id } })
  await call('POST /api/console/pushes/:pushId/cancel', { params: { pushId: pushes[0]!.id } })

  const list = await openTaskList(page, 'keyword=筛选')
  for (const state of ['未开始', '进行中', '已结束']) {
    await list.choose('状态', state)
    await expect(list.row(`筛选${state}`)).toContainText(state)
    await expect(list.pager).toHaveText('共 1 个任务')
  }
  await list.choose('发送范围', '微信朋友圈')
  await list.choose('状态', '进行中')
  await expect(page.getByRole('heading', { name: '没有符合条件的任务' })).toBeVisible()
  await list.choose('发送范围', '全部（企业微信和微信朋友圈）')
  await expect(list.row('筛选进行中')).toContainText('企业微信 + 微信')

  await list.createdBetween(dayOf(Date.now() - 9 * DAY), dayOf(Date.now() - 8 * DAY))
  await expect(page.getByRole('heading', { name: '没有符合条件的任务' })).toBeVisible()
  await page.goBack()
  await expect(list.row('筛选进行中')).toBeVisible()
  await list.createdBetween(dayOf(Date.now()), dayOf(Date.now() + DAY))
  await expect(page).toHaveURL(new RegExp(`from=${dayOf(Date.now())}&to=`))
  await expect(list.row('筛选进行中')).toBeVisible()
})

test('an address is the whole list: shared, reloaded, and undone by the back button', async ({ administrator }) => {
  const { page, call } = await administrator()
  const names = Array.from({ length: 25 }, (_, index) => `分页第${String(index + 1).padStart(2, '0')}个`)
  await create(call, ...names)
  const newest = names.toReversed()
  const list = await openTaskList(page)
  const shows = (expected: string[]) => expect.poll(() => list.names()).toEqual(expected)

  await list.search.fill('分页')
  await shows(newest.slice(0, 20))
  await expect(list.pager).toContainText('共 25 个任务')
  await expect(list.pager.getByRole('button', { name: '上一页' })).toBeDisabled()
  await list.pager.getByRole('button', { name: '下一页' }).click()
  await shows(newest.slice(20))
  await expect(list.pager.getByRole('button', { name: '下一页' })).toBeDisabled()
  expect(await page.evaluate(() => scrollY), 'a page is read from its first line').toBe(0)

  await page.reload()
  await shows(newest.slice(20))
  const colleague = await openTaskList((await administrator('张三')).page, new URL(page.url()).search.slice(1))
  await expect.poll(() => colleague.names()).toEqual(newest.slice(20))
  await expect(colleague.search).toHaveValue('分页')

  await list.pager.getByRole('button', { name: '上一页' }).click()
  await shows(newest.slice(0, 20))
  await list.table.getByRole('button', { name: '创建时间' }).click()
  await shows(names.slice(0, 20))
  await expect(list.table.getByRole('columnheader', { name: '创建时间' })).toHaveAttribute('aria-sort', 'ascending')

  await page.goBack()
  await shows(newest.slice(0, 20))
  await page.goBack()
  await shows(newest.slice(20))
  await page.goBack()
  await page.goBack()
  await expect(list.search).toHaveValue('')
  await expect(page).toHaveURL(/\/admin\/tasks$/)
})

test('deleting a task asks first, by its name', async ({ administrator }) => {
  const { page, call } = await administrator()
  const names = Array.from({ length: 21 }, (_, index) => `删除${index + 1}`)
  await create(call, ...names)
  const list = await openTaskList(page, 'keyword=删除')
  const question = page.getByRole('dialog', { name: '删除任务' })

  await list.row('删除7').getByRole('button', { name: '删除' }).click()
  await expect(question).toContainText('确定删除任务「删除7」吗')
  await question.getByRole('button', { name: '返回' }).click()
  await expect(question).toBeHidden()
  await expect(list.row('删除7')).toBeVisible()

  await list.row('删除7').getByRole('button', { name: '删除' }).click()
  await question.getByRole('button', { name: '删除' }).click()
  await expect(page.getByText('已删除任务「删除7」')).toBeVisible()
  await expect(list.row('删除7')).toHaveCount(0)
  await expect(list.pager).toHaveText('共 20 个任务')
})

test('deleting the only task of the last page leads back to the first', async ({ administrator }) => {
  const { page, call } = await administrator()
  await create(call, ...Array.from({ length: 21 }, (_, index) => `末页${index + 1}`))
  const list = await openTaskList(page, 'keyword=末页')
  await list.pager.getByRole('button', { name: '下一页' }).click()
  await list.row('末页1').getByRole('button', { name: '删除' }).click()
  await page.getByRole('dialog', { name: '删除任务' }).getByRole('button', { name: '删除' }).click()
  await expect(page.getByRole('heading', { name: '这一页已经没有任务' })).toBeVisible()
  await page.getByRole('button', { name: '回到第一页' }).click()
  await expect(list.pager).toHaveText('共 20 个任务')
})

test('copying a task begins a new one with everything in it', async ({ administrator }) => {
  const { page, call } = await administrator()
  const text = '新品到店，欢迎来试[微笑]'
  await call('POST /api/console/tasks', { body: aTask({ name: '要复制的', pushes: [aPush({ text })] }) })
  const list = await openTaskList(page, 'keyword=要复制的')
  await list.row('要复制的').getByRole('button', { name: '复制' }).click()
  const form = taskForm(page)
  await expect(form.name).toHaveValue('要复制的')
  await expect(form.push(1).text).toHaveValue(text)
  await expect(form.executors).toContainText('张三')
  await form.name.fill('复制出来的')
  await form.submit()
  await expect(page.getByRole('heading', { name: '复制出来的' })).toBeVisible()
  await openTaskList(page, 'keyword=制')
  await expect(list.row('要复制的')).toBeVisible()
  await expect(list.row('复制出来的')).toBeVisible()
})

test('a list that cannot be loaded says so, and 「重试」 loads it', async ({ administrator, expecting }) => {
  expecting(/500.*\/api\/console\/tasks/)
  const { page, call } = await administrator()
  await create(call, '重试之后')
  const problem = { code: 'internal', message: '服务器出了点问题', requestId: 'r-1' }
  await page.route(LIST, (route) => route.fulfill({ status: 500, json: problem }))
  const list = await openTaskList(page, 'keyword=重试之后')
  const alert = page.getByRole('main').getByRole('alert')
  await expect(alert).toContainText('没能加载出来')
  await expect(alert).toContainText('r-1')
  await look(page, 'list-error')
  await page.unroute(LIST)
  await alert.getByRole('button', { name: '重试' }).click()
  await expect(list.row('重试之后')).toBeVisible()
})

test('a slow answer moves nothing: lines wait where the rows will be, old rows stay until new ones come', async ({
  administrator,
}) => {
  const { page, call } = await administrator()
  await create(call, '慢一', '慢二')
  const first = await holdBack(page)
  const list = await openTaskList(page, 'keyword=慢')
  await expect(page.getByRole('progressbar', { name: '正在加载' })).toBeVisible()
  first()
  await expect(list.row('慢一')).toBeVisible()
  const before = await list.row('慢一').boundingBox()

  const next = await holdBack(page)
  await list.search.fill('慢一')
  await expect(list.table).toHaveAttribute('aria-busy', 'true')
  expect(await list.names()).toEqual(['慢二', '慢一'])
  expect(await list.row('慢一').boundingBox()).toEqual(before)
  next()
  await expect.poll(() => list.names()).toEqual(['慢一'])
  await expect(list.table).toHaveAttribute('aria-busy', 'false')
  expect((await list.row('慢一').boundingBox())!.width).toBe(before!.width)
})

test('at 1024 px everything is in sight, also with the longest names', async ({ administrator }) => {
  const { page, call } = await administrator('林建国', { viewport: { width: 1024, height: 768 } })
  await create(call, `窄屏${'长'.repeat(28)}`, `窄屏${'w'.repeat(28)}`, `窄屏${'👨‍👩‍👧‍👦'.repeat(12)}`)
  await call('POST /api/console/tasks', { body: aTask({ name: '窄屏范围', sendScope: 'all' }) })
  const today = dayOf(Date.now())
  const list = await openTaskList(page, `keyword=窄屏&state=not_started&from=${today}&to=${today}`)
  await expect(list.row('窄屏范围').getByRole('button', { name: '删除' })).toBeInViewport({ ratio: 1 })
  const region = page.getByRole('region', { name: '任务表格' })
  expect(await region.evaluate((box) => box.scrollWidth - box.clientWidth), 'nothing to scroll sideways').toBe(0)
  const filters = page.getByRole('search', { name: '筛选任务' })
  const tops = await filters
    .locator(':scope > *')
    .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().top))
  expect(Math.max(...tops) - Math.min(...tops), 'the filters stand in one line').toBeLessThan(20)
  await look(page, 'list-1024-long-names')
})
