import { expect, type Download, type Locator, type Page } from '@playwright/test'

/** The console's page of one task. */
export interface TaskPage {
  page: Page
  /** Opens the task of that name from the list. */
  open(name: string): Promise<void>
  /** Shows that push. */
  choosePush(name: string): Promise<void>
  /** The tabs 「待执行」 and 「已执行」 with their counts. */
  pending: Locator
  done: Locator
  /** A person's line in the list that is shown. */
  row(name: string): Locator
  /** 「提醒员工执行」, which says whom it is about. */
  remind: Locator
  /** 「提醒员工执行」 for whom the button names, and the report of it once it is finished. */
  sendReminder(): Promise<Locator>
  /** Chooses somebody in the list of 待执行. */
  choosePerson(name: string): Promise<void>
  search(name: string): Promise<void>
  filterDepartment(name: string): Promise<void>
  /** Waits until the page has asked for new numbers. */
  refreshed(): Promise<void>
  /** 「导出」 of the list that is shown, then 「消息」, its message there with that title, and 「下载」 once it is done. */
  exportAndDownload(title: string): Promise<Download>
}

export function taskPage(page: Page): TaskPage {
  return {
    page,
    async open(name) {
      await page.goto(`/admin/tasks?keyword=${encodeURIComponent(name)}`)
      await page.getByRole('row').filter({ hasText: name }).getByRole('link', { name }).first().click()
      await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
    },
    choosePush: (name) => page.getByRole('tablist', { name: '推送' }).getByRole('tab', { name }).click(),
    pending: page.getByRole('tab', { name: /^待执行/ }),
    done: page.getByRole('tab', { name: /^已执行/ }),
    row: (name) => page.getByRole('row').filter({ hasText: name }),
    remind: page.getByRole('button', { name: '提醒员工执行' }),
    async sendReminder() {
      await this.remind.click()
      const dialog = page.getByRole('dialog', { name: '提醒员工执行' })
      await dialog.getByRole('button', { name: '发送提醒' }).click()
      await expect(dialog.getByText('提醒完成')).toBeVisible()
      return dialog
    },
    choosePerson: (name) => page.getByRole('checkbox', { name: `选择${name}`, exact: true }).check(),
    search: (name) => page.getByRole('textbox', { name: '搜索姓名' }).fill(name),
    async filterDepartment(name) {
      await page.getByRole('combobox', { name: '部门' }).fill(name)
      await page.getByRole('treeitem', { name }).last().click()
    },
    async refreshed() {
      await page.waitForResponse(/\/executions\?/)
      await page.waitForResponse(/\/executions\?/)
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
