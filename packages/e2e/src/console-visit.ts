import type { BrowserContextOptions, Page, ViewportSize } from '@playwright/test'
import { answer } from './answers.ts'
import type { ConsoleState } from './console-states.ts'
import { callAs, logIn } from './console.ts'
import { test as base, expect } from './fixtures.ts'

interface Desk {
  /** The browser of somebody who is logged in, with nothing else in it. */
  storageState: BrowserContextOptions['storageState']
  /** Ids of the tasks there are, by name. */
  tasks: Map<string, string>
}

interface Fixtures {
  /** Brings a page of a fresh browser into that state. */
  visit(state: ConsoleState, viewport?: ViewportSize): Promise<Page>
}

export const test = base.extend<Fixtures, { desk: Desk }>({
  desk: [
    async ({ browser, stack }, use) => {
      const page = await browser.newPage({ baseURL: stack.publicUrl })
      await logIn(page, '张三')
      const call = await callAs(page, stack.publicUrl)
      const { rows } = await call('GET /api/console/tasks')
      const storageState = await page.context().storageState()
      await page.context().close()
      await use({ storageState, tasks: new Map(rows.map(({ name, id }) => [name, id])) })
    },
    { scope: 'worker' },
  ],
  visit: async ({ desk, openBrowser, expecting }, use) => {
    await use(async ({ at, answers = {}, act, expects, shows, loading }, viewport) => {
      const { storageState, tasks } = desk
      const page = await (await openBrowser({ storageState, ...(viewport ? { viewport } : {}) })).newPage()
      if (expects) expecting(expects)
      await answer(page, answers, expecting)
      await page.goto(`/admin${at.replace(/「(.+?)」/, (_, task: string) => tasks.get(task)!)}`)
      await act?.(page)
      await expect((loading ? page.getByLabel(shows) : page.getByText(shows)).first()).toBeVisible()
      return page
    })
  },
})

export const WIDE: ViewportSize = { width: 1440, height: 900 }

export { expect }
