import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { taskPage } from './task-page.ts'

test.use({ seeded: true })

test('whoever uses the keyboard stays in a dialog, and comes back to where they were', async ({ administrator }) => {
  const { page } = await administrator('张三')
  const task = taskPage(page)
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  await task.open('圣诞限定礼盒')
  await staysAndComesBack(page, button('删除'), '删除任务')
  await staysAndComesBack(page, button('取消推送'), '取消推送')

  await task.open('企业微信客户回访周')
  await staysAndComesBack(page, task.remind, '提醒员工执行')
  await task.search((await task.row('未送达').locator('.name').first().textContent())!)
  await expect(task.remind).toContainText('筛选结果')
  await staysAndComesBack(page, task.remind, '提醒员工执行')
  await task.search('')
  await staysAndComesBack(page, button('全部重新发送'), '重新发送卡片')
  await staysAndComesBack(page, page.getByRole('button', { name: /^给.+重新发送$/ }).first(), '重新发送卡片')
  await task.done.click()
  await staysAndComesBack(page, button('查看').first(), /^执行凭证/)

  await task.open('周末快闪店打卡')
  await task.choosePush('快闪开幕')
  await staysAndComesBack(page, button('立即推送'), '立即推送')
})

/** Opens it with Enter, goes round it both ways with Tab, and leaves it with Escape. */
async function staysAndComesBack(page: Page, opener: Locator, name: string | RegExp) {
  const dialog = page.getByRole('dialog', { name })
  await test.step(`「${String(name)}」`, async () => {
    await opener.focus()
    await page.keyboard.press('Enter')
    await expect(dialog).toBeVisible()
    for (const key of [...Array<string>(12).fill('Tab'), ...Array<string>(3).fill('Shift+Tab')]) {
      await page.keyboard.press(key)
      await expect.poll(() => holdsFocus(dialog), 'the focus is in the dialog').toBe(true)
    }
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(opener).toBeFocused()
  })
}

const holdsFocus = (dialog: Locator) => dialog.evaluate((element) => element.contains(document.activeElement))
