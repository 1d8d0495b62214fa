import type { BrowserContextOptions } from '@playwright/test'
import { CONSOLE_STATES } from './console-states.ts'
import { expect, test, WIDE } from './console-visit.ts'
import { keepForDocuments, look, lookAtBothWidths } from './looks.ts'
import type { Phone } from './phone.ts'
import { aPicture } from './pictures.ts'

// The demo's little world: a week of campaigns, some finished, some running, some planned.
test.use({ seeded: true })
test.describe.configure({ mode: 'parallel' })

for (const state of CONSOLE_STATES) {
  test(`console-${state.name}`, async ({ visit }) => lookAtBothWidths(await visit(state, WIDE), state))
}

/** WeCom's 字体大小 at its largest makes the letters about a third larger. */
const LARGE = '21px'

const SCREENS: Record<string, BrowserContextOptions & { letters?: string }> = {
  '375-light': { viewport: { width: 375, height: 812 }, colorScheme: 'light' },
  '430-dark': { viewport: { width: 430, height: 932 }, colorScheme: 'dark' },
  '320-light': { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  '320-dark-large': { viewport: { width: 320, height: 640 }, colorScheme: 'dark', letters: LARGE },
}

for (const [screen, { letters, ...options }] of Object.entries(SCREENS)) {
  test(`the phone, ${screen}`, async ({ phoneOf, expecting }) => {
    test.setTimeout(180_000)
    expecting(/404.*nowhere|403.*refused/)
    const documents = screen === '375-light'
    const phone = await phoneOf('zhangsan', options)
    const { inApp, page } = phone
    if (letters) {
      await page.context().addInitScript((size) => {
        addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = size))
      }, letters)
    }
    // What differs from screen to screen is where things are; phone-states looks at the rest.
    const layoutOnly = screen !== '375-light'
    const lookAt = async (name: string) => look(page, `phone-${screen}-${name}`, await phone.app(), { layoutOnly })

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

async function openTask({ inApp }: Phone, push: string): Promise<void> {
  await inApp.getByRole('article', { name: push }).getByRole('link', { name: '任务详情' }).click()
  await expect(inApp.getByRole('heading', { name: push })).toBeVisible()
}
