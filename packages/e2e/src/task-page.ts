import { expect, type Download, type Locator, type Page } from '@playwright/test'

/** The console's page of one task. */
export interface TaskPage {
  page: Page
  /** Shows that push. */
  choosePush(name: string): Promise<void>
  /** The tabs 「待执行」 and 「已执行」 with their counts. */
  pending: Locator
  done: Locator
  /** A person's line in the list that is shown. */
  row(name: string): Locator
  /** 「提醒员工执行」 for all, and the report of it. */
  remindAll(): Promise<Locator>
  /** 「导出」 of the list that is shown, then 「消息」, its message there with that title, and 「下载」 once it is done. */
  exportAndDownload(title: string): Promise<Download>
}

export function taskPage(page: Page): TaskPage {
  return {
    page,
    choosePush: (name) => page.getByRole('tablist', { name: '推送' }).getByRole('tab', { name }).click(),
    pending: page.getByRole('tab', { name: /^待执行/ }),
    done: page.getByRole('tab', { name: /^已执行/ }),
    row: (name) => page.getByRole('row').filter({ hasText: name }),
    async remindAll() {
      await page.getByRole('button', { name: '提醒员工执行' }).click()
      const dialog = page.getByRole('dialog', { name: '提醒员工执行' })
      await dialog.getByRole('button', { name: '发送提醒' }).click()
      await expect(dialog.getByText('提醒完成')).toBeVisible()
      return dialog
    },
    async exportAndDownload(title) {
      await page.getByRole('button', { name: '导出' }).click()
      await page.getByRole('status').getByRole('link', { name: '「消息」' }).click()
      const messages = page.getByRole('region', { name: '消息列表' }).getByRole('listitem')
      const message = messages.filter({ hasText: title }).first()
      const link = message.getByRole('link', { name: '下载' })
      await expect(link).toBeVisible()
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      return download
    },
  }
}
