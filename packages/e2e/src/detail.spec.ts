import { launch, someOf, submitProof } from './campaign.ts'
import { expect, test } from './fixtures.ts'
import { taskPage } from './task-page.ts'
import { aPush, aTask } from './tasks.ts'

// The demo's past has what takes days to come about: a missed push, cards that did not arrive.
test.use({ seeded: true, company: 'detail' })

const STORE = '上海南京西路店'
const OFFICE = '市场品牌部'

test('reminds those whom the filter finds, and nobody else', async ({ administrator, wecom }) => {
  const { page, call } = await administrator()
  const name = '只提醒筛选出来的人'
  const store = (await someOf(call, STORE, 4)).map(({ userid }) => userid)
  const office = (await someOf(call, OFFICE, 4)).map(({ userid }) => userid)
  await launch(call, name, [...store, ...office])
  const task = taskPage(page)
  await task.open(name)
  await expect(task.remind).toHaveText('提醒员工执行（全部待执行 8 人）')

  await task.filterDepartment(STORE)
  await expect(task.remind).toHaveText('提醒员工执行（筛选结果 4 人）')
  await task.remind.click()
  const dialog = page.getByRole('dialog', { name: '提醒员工执行' })
  await expect(dialog).toContainText('只提醒筛选结果中的 4 名待执行员工，其他 4 名待执行员工不会收到提醒。')
  await dialog.getByRole('button', { name: '发送提醒（筛选结果 4 人）' }).click()
  await expect(dialog).toContainText('提醒完成')
  await expect(dialog).toContainText('已提醒 4 人')
  await expect(dialog.getByRole('button', { name: '知道了' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(task.remind).toBeFocused()

  for (const userid of store) expect(await wecom.cardsOf(userid, `第 1 次提醒：${name}`), userid).toHaveLength(1)
  for (const userid of office) expect(await wecom.cardsOf(userid, name), userid).toHaveLength(1)
})

test('reminds the chosen, who stay chosen while the list refreshes, and skips whom it reminded a moment ago', async ({
  administrator,
}) => {
  const { page, call } = await administrator()
  const name = '提醒选中的人'
  const people = await someOf(call, OFFICE, 8)
  await launch(
    call,
    name,
    people.map(({ userid }) => userid),
  )
  const task = taskPage(page)
  await task.open(name)
  const [first, second] = people.map((person) => person.name) as [string, string]
  await task.choosePerson(first)
  await expect(task.remind).toHaveText('提醒员工执行（已选 1 人）')
  await task.refreshed()
  await expect(task.row(first).getByRole('checkbox')).toBeChecked()
  let report = await task.sendReminder()
  await expect(report).toContainText('已提醒 1 人')
  await report.getByRole('button', { name: '知道了' }).click()
  await expect(task.row(first)).toContainText('1 次')

  await task.choosePerson(first)
  await task.choosePerson(second)
  report = await task.sendReminder()
  await expect(report).toContainText('已提醒 1 人')
  await expect(report).toContainText('跳过 1 人')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: '选择全部 8 人' }).click()
  await expect(task.remind).toHaveText('提醒员工执行（已选 8 人）')
  await page.getByRole('button', { name: '取消选择' }).click()
  await expect(task.remind).toHaveText('提醒员工执行（全部待执行 8 人）')
})

test('sends the card again to the one it did not reach', async ({ administrator, wecom }) => {
  const { page } = await administrator('张三')
  const task = taskPage(page)
  await task.open('企业微信客户回访周')
  const failed = page.getByRole('row').filter({ hasText: '未送达' })
  await expect(failed).toHaveCount(2)
  const again = failed.first().getByRole('button', { name: /重新发送$/ })
  const person = (await again.getAttribute('aria-label'))!.replace(/^给|重新发送$/g, '')
  await again.click()
  const dialog = page.getByRole('dialog', { name: '重新发送卡片' })
  await expect(dialog).toContainText(`将给${person}重新发送`)
  await dialog.getByRole('button', { name: '重新发送（1 人）' }).click()
  await expect(dialog).toContainText('发送完成')
  await expect(dialog).toContainText('已送达 1 人')
  await dialog.getByRole('button', { name: '知道了' }).click()
  await expect(failed).toHaveCount(1)
  await expect(task.row(person)).toContainText('已送达')
  // What opened the dialog is gone: the focus stays with the push.
  await expect(page.getByRole('tab', { name: /回访问候/ })).toBeFocused()
  const { people } = await wecom.corp()
  const { userid } = people.find((each) => each.name === person)!
  expect(await wecom.cardsOf(userid, '回访问候')).toHaveLength(1)

  await page.getByRole('button', { name: '全部重新发送' }).click()
  await dialog.getByRole('button', { name: '重新发送（1 人）' }).click()
  await expect(dialog).toContainText('已送达 1 人')
  await page.keyboard.press('Escape')
  await expect(failed).toHaveCount(0)
  await expect(page.getByRole('button', { name: '全部重新发送' })).toHaveCount(0)
  expect(await wecom.cardsOf(userid, '回访问候')).toHaveLength(1)
})

test('finds people by name, pinyin and department; whoever gets the address sees the same', async ({
  administrator,
}) => {
  const { page } = await administrator('张三')
  const task = taskPage(page)
  await task.open('双十二新品上市')
  await expect(task.pending).toBeVisible()
  await expect(page.locator('tbody .name').first()).toBeVisible()
  const all = await page.locator('tbody .name').allTextContents()
  await task.search(all[0]!)
  await expect(page.locator('tbody .name')).toHaveText([all[0]!])
  await task.search('没有这个人')
  await expect(page.getByRole('heading', { name: '没有符合条件的员工' })).toBeVisible()
  await expect(task.remind).toBeDisabled()
  await page.getByRole('button', { name: '清除筛选' }).click()
  await expect(page.locator('tbody .name')).toHaveText(all)

  await task.filterDepartment(STORE)
  await expect(task.remind).toContainText('筛选结果')
  await expect(page.locator('tbody .name')).not.toHaveText(all)
  const found = await page.locator('tbody .name').allTextContents()
  await page.reload()
  await expect(page.locator('tbody .name')).toHaveText(found)
})

test('edits, copies and deletes the task from its page', async ({ administrator }) => {
  const { page, call } = await administrator()
  const name = '从详情页删除'
  const { id } = await call('POST /api/console/tasks', { body: aTask({ name }) })
  const task = taskPage(page)
  await task.open(name)
  await page.getByRole('button', { name: '编辑' }).click()
  await expect(page.getByLabel('任务名称')).toHaveValue(name)
  await page.goBack()
  await page.getByRole('button', { name: '复制' }).click()
  await expect(page.getByRole('heading', { name: '新建任务' })).toBeVisible()
  await expect(page.getByLabel('任务名称')).toHaveValue(new RegExp(name))
  await page.goto(`/admin/tasks/${id}`)
  await page.getByRole('button', { name: '删除' }).click()
  const question = page.getByRole('dialog', { name: '删除任务' })
  await expect(question).toContainText(`确定删除任务「${name}」吗？`)
  await question.getByRole('button', { name: '删除' }).click()
  await page.waitForURL('**/admin/tasks')
  await expect(page.getByRole('heading', { name: '朋友圈群发' })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0)
})

test('can no longer edit a task whose first push has gone out', async ({ administrator }) => {
  const { page } = await administrator('张三')
  await taskPage(page).open('双十二新品上市')
  await expect(page.getByRole('button', { name: '编辑' })).toBeDisabled()
})

test('sends a missed push after all, and is shown how it goes', async ({ administrator }) => {
  const { page } = await administrator('张三')
  const task = taskPage(page)
  await task.open('周末快闪店打卡')
  await task.choosePush('快闪开幕')
  await expect(page.getByRole('heading', { name: '计划执行的员工' })).toBeVisible()
  await page.getByRole('button', { name: '立即推送' }).click()
  const question = page.getByRole('dialog', { name: '立即推送' })
  await expect(question).toContainText('「快闪开幕」')
  await question.getByRole('button', { name: '立即推送' }).click()
  await expect(task.pending).toBeVisible()
  await expect(page.getByRole('tab', { name: /快闪开幕.*已推送/ })).toBeFocused()
  await expect(page.getByRole('img', { name: /^完成率 0%/ })).toBeVisible()
})

test('cancels one push of two; the arrow keys go from push to push', async ({ administrator }) => {
  const { page, call } = await administrator()
  const name = '取消第二条'
  await call('POST /api/console/tasks', { body: aTask({ name, pushes: [aPush(), aPush({ name: '晚间上新' })] }) })
  const task = taskPage(page)
  await task.open(name)
  await page.getByRole('tab', { name: /早间上新/ }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: '取消推送' }).click()
  const question = page.getByRole('dialog', { name: '取消推送' })
  await expect(question).toContainText('取消后「晚间上新」不会再推送给员工')
  await question.getByRole('button', { name: '取消推送' }).click()
  await expect(page.getByRole('tab', { name: /晚间上新.*已取消/ })).toBeFocused()
  await expect(page.getByRole('tab', { name: /早间上新.*未推送/ })).toBeVisible()
})

test('sees the ring, the timeline and both lists follow by themselves', async ({ administrator, phoneOf }) => {
  const { page, call } = await administrator()
  const name = '数字自己变'
  const { pushId } = await launch(call, name, ['zhangsan', 'lisi'])
  const task = taskPage(page)
  await task.open(name)
  await expect(page.getByRole('img', { name: '完成率 0%，2 人中已执行 0 人' })).toBeVisible()
  await expect(page.getByText('还没有员工执行')).toBeVisible()
  await submitProof(await phoneOf('lisi'), pushId, '#5a7')
  await expect(page.getByRole('img', { name: '完成率 50%，2 人中已执行 1 人' })).toBeVisible()
  await expect(page.getByRole('img', { name: /^完成时间：共 1 人已执行/ })).toBeVisible()
  await expect(page.locator('canvas')).toHaveCount(2)
  await expect(task.pending).toHaveText('待执行 1')
  await expect(task.row('李四')).toHaveCount(0)
})
