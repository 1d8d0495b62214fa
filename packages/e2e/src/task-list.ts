import type { Locator, Page } from '@playwright/test'

/** The console's list of tasks. */
export interface TaskList {
  page: Page
  table: Locator
  /** The line of the task with exactly that name. */
  row(name: string): Locator
  /** The names on this page, from top to bottom. */
  names(): Promise<string[]>
  /** 「共 3 个任务」 and the buttons beside it. */
  pager: Locator
  search: Locator
  choose(filter: '状态' | '发送范围', option: string): Promise<void>
  /** Days as `2026-11-25`, both included. */
  createdBetween(from: string, to: string): Promise<void>
}

/** @param query what the address holds, e.g. `keyword=春节&sort=oldest` */
export async function openTaskList(page: Page, query = ''): Promise<TaskList> {
  await page.goto(`/admin/tasks${query && `?${query}`}`)
  const table = page.getByRole('region', { name: '任务表格' }).getByRole('table')
  const filters = page.getByRole('search', { name: '筛选任务' })
  return {
    page,
    table,
    row: (name) => table.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) }),
    names: () => table.getByRole('link').allTextContents(),
    pager: page.getByRole('navigation', { name: '分页' }),
    search: filters.getByRole('textbox', { name: '搜索任务名称或创建人' }),
    async choose(filter, option) {
      await filters.getByRole('combobox', { name: filter }).click()
      await page.getByRole('option', { name: option, exact: true }).click()
    },
    async createdBetween(from, to) {
      const start = filters.getByPlaceholder('创建于')
      await filters.getByRole('button', { name: '创建于' }).or(start).click()
      await start.fill(from)
      const end = filters.getByPlaceholder('至')
      await end.fill(to)
      await end.press('Enter')
    },
  }
}
