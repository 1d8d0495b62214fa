import type { BrowserContextOptions, Frame, Page } from '@playwright/test'
import { type Administrator, expect, test } from './fixtures.ts'
import { keepForDocuments, look } from './looks.ts'
import type { Phone } from './phone.ts'
import { aPicture } from './pictures.ts'
import { newTaskForm } from './task-form.ts'
import { taskPage } from './task-page.ts'

// The demo's little world: a week of campaigns, some finished, some running, some planned.
test.use({ seeded: true })

const RUNNING = '双十二新品上市'
const PLANNED = '圣诞限定礼盒'

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
] as const) {
  test(`the console at ${width} px`, async ({ administrator, openBrowser }) => {
    test.setTimeout(240_000)
    const viewport = { width, height }
    const documents = width === 1440
    const name = (page: string) => `console-${width}-${page}`

    const stranger = await (await openBrowser({ viewport })).newPage()
    await stranger.goto('/admin/')
    await look(stranger, name('login'))
    await stranger.goto('/admin/login?error=not_admin&name=李四')
    await look(stranger, name('login-refused'))

    const { page, call } = await administrator('张三', { viewport })
    const tasks = await idsOf(call)
    await page.goto('/admin/tasks')
    await expect(page.getByRole('row')).toHaveCount(tasks.size + 1)
    await look(page, name('list'))
    if (documents) await keepForDocuments(page, 'console-list')
    await page.goto('/admin/tasks?keyword=没有这样的任务')
    await look(page, name('list-nothing-found'))

    await page.goto(`/admin/tasks/${tasks.get(RUNNING)!}`)
    const task = taskPage(page)
    await expect(task.pending).toBeVisible()
    await look(page, name('detail-pending'))
    await page.getByRole('button', { name: '提醒员工执行' }).click()
    await look(page, name('detail-remind'))
    await page.getByRole('button', { name: '取消', exact: true }).click()
    await task.done.click()
    await expect(page.getByRole('button', { name: '查看' }).first()).toBeVisible()
    await look(page, name('detail-done'))
    if (documents) await keepForDocuments(page, 'console-detail')
    await task.exportAndDownload(`导出「${RUNNING}」已执行名单`)
    await look(page, name('messages'))
    await page.goBack()
    const withTwo = page.getByRole('row').filter({ hasText: '2 张' }).first()
    await withTwo.getByRole('button', { name: '查看' }).click()
    await expect(page.getByRole('dialog').getByRole('img').first()).toBeVisible()
    await look(page, name('proofs'))
    if (documents) await keepForDocuments(page, 'console-proofs')

    await page.goto(`/admin/tasks/${tasks.get(PLANNED)!}`)
    await expect(page.getByRole('heading', { name: '计划执行的员工' })).toBeVisible()
    await look(page, name('detail-planned'))
    await page.goto(`/admin/tasks/${tasks.get(PLANNED)!}/edit`)
    await expect(page.getByLabel('任务名称')).toHaveValue(PLANNED)
    await look(page, name('edit'))

    await page.goto('/admin/settings')
    await expect(page.getByRole('heading', { name: '设置', exact: true })).toBeVisible()
    await look(page, name('settings'))
    await page.goto('/admin/nowhere')
    await look(page, name('not-found'))

    await lookAtForm(page, name, documents)
  })
}

const SCREENS: Record<string, BrowserContextOptions> = {
  '375-light': { viewport: { width: 375, height: 812 }, colorScheme: 'light' },
  '375-dark': { viewport: { width: 375, height: 812 }, colorScheme: 'dark' },
  '320-light': { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  '320-dark': { viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
}

for (const [screen, options] of Object.entries(SCREENS)) {
  test(`the phone, ${screen}`, async ({ phoneOf, expecting }) => {
    test.setTimeout(180_000)
    expecting(/404.*nowhere/)
    const documents = screen === '375-light'
    const phone = await phoneOf('zhangsan', options)
    const { inApp, page } = phone
    const lookAt = async (name: string) => look(page, `phone-${screen}-${name}`, await appOf(phone))

    await phone.openWorkbench()
    await expect(inApp.getByRole('article').first()).toBeVisible()
    await lookAt('home')
    if (documents) await keepForDocuments(page, 'phone-home')
    await phone.openLink('/m/tasks')
    await expect(inApp.getByRole('article').first()).toBeVisible()
    await lookAt('pending')
    await inApp.getByRole('tab', { name: '已执行' }).click()
    await expect(inApp.getByRole('article').first()).toBeVisible()
    await lookAt('done')

    await phone.openLink('/m/tasks')
    await openTask(phone, '搭配灵感')
    await lookAt('task-pictures')
    if (documents) await keepForDocuments(page, 'phone-task')
    await inApp.getByRole('button', { name: '保存全部' }).click()
    await lookAt('save-pictures')
    await inApp.getByRole('button', { name: '关闭' }).click()
    await inApp.getByRole('button', { name: '一键复制文案，前往发表' }).click()
    await lookAt('publish')
    await inApp.getByRole('button', { name: '关闭' }).click()

    await inApp.getByRole('link', { name: '上传发送凭证' }).click()
    await lookAt('proof-empty')
    const screenshots = ['#5a7', '#57a', '#a75'].map((colour, index) =>
      aPicture(`截屏${index}.jpg`, colour, { width: 1080, height: 2340 }),
    )
    await inApp.getByLabel('上传发送凭证').setInputFiles(await Promise.all(screenshots))
    await expect(inApp.getByText('已上传', { exact: true })).toHaveCount(3)
    await lookAt('proof')
    if (documents) await keepForDocuments(page, 'phone-proof')
    for (let left = 3; left > 0; left--) await inApp.getByRole('button', { name: '移除凭证 1' }).click()

    await phone.openLink('/m/tasks?state=done')
    await openTask(phone, '预热海报')
    await lookAt('task-done')
    await phone.openLink('/m/pushes/nowhere')
    await expect(inApp.getByRole('heading', { name: '没有找到这个任务' })).toBeVisible()
    await lookAt('nowhere')
    await phone.openLink('/m/refused?reason=not_employee')
    await lookAt('refused')
  })
}

async function lookAtForm(page: Page, name: (page: string) => string, documents: boolean): Promise<void> {
  const form = await newTaskForm(page)
  await form.submit()
  await look(page, name('form-empty-refused'))
  await form.name.fill('年末会员回馈')
  await page.getByRole('button', { name: '选择员工' }).click()
  const picker = page.getByRole('dialog', { name: '选择执行员工' })
  await picker.getByRole('treeitem', { name: '上海徐家汇店' }).click()
  await picker.getByText(/^全选本部门/).click()
  await look(page, name('picker'))
  await picker.getByRole('button', { name: '确定', exact: true }).click()
  const push = form.push(1)
  await push.name.fill('回馈海报')
  await push.text.fill('一年到头，谢谢你一直在[爱心]\n会员积分双倍，到店还有热红酒🍷')
  await push.addPictures(...(await Promise.all(POSTERS.map((colour, index) => aPicture(`海报${index}.jpg`, colour)))))
  await push.now()
  await expect(push.pictures.getByRole('progressbar')).toHaveCount(0)
  await page.evaluate(() => scrollTo(0, 0))
  await look(page, name('form'))
  if (documents) await keepForDocuments(page, 'console-form')
  await push.card.getByRole('button', { name: '微信表情' }).click()
  await look(page, name('form-emoji'))
}

const POSTERS = ['#b8442f', '#d08a2e', '#6b7f3a', '#2f7f78', '#3b5fa0', '#7a4a8c']

async function idsOf(call: Administrator['call']): Promise<Map<string, string>> {
  const { rows } = await call('GET /api/console/tasks')
  return new Map(rows.map(({ name, id }) => [name, id]))
}

async function openTask({ inApp }: Phone, push: string): Promise<void> {
  await inApp.getByRole('article', { name: push }).getByRole('link', { name: '任务详情' }).click()
  await expect(inApp.getByRole('heading', { name: push })).toBeVisible()
}

async function appOf({ page }: Phone): Promise<Frame> {
  return (await (await page.locator('iframe').elementHandle())!.contentFrame())!
}
