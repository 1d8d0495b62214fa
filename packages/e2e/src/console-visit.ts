import type { Page, ViewportSize } from '@playwright/test'
import { answer } from './answers.ts'
import type { ConsoleState } from './console-states.ts'
import { callAs, logIn } from './console.ts'
import { test as base, expect, watchOf } from './fixtures.ts'
import { watchPages } from './watch.ts'

interface Desk {
  /** Of somebody who is logged in. */
  page: Page
  /** Ids of the tasks there are, by name. */
  tasks: Map<string, string>
}

interface Fixtures {
  /** Brings the page of a browser with nothing but a login in it into that state. */
  visit(state: ConsoleState, viewport?: ViewportSize): Promise<Page>
}

export const test = base.extend<Fixtures, { desk: Desk }>({
  // One page for all states: a browser that has just begun takes three times as long for a page as one that knows its code.
  desk: [
    async ({ browser, stack }, use) => {
      const page = await browser.newPage({ baseURL: stack.publicUrl })
      watchPages(page.context(), () => watchOf(stack))
      await logIn(page, '张三')
      const call = await callAs(page, stack.publicUrl)
      const { rows } = await call('GET /api/console/tasks')
      await use({ page, tasks: new Map(rows.map(({ name, id }) => [name, id])) })
      await page.context().close()
    },
    { scope: 'worker' },
  ],
  visit: async ({ desk, expecting }, use) => {
    const { page, tasks } = desk
    await use(async ({ at, answers = {}, act, expects, shows, loading }, viewport = WIDE) => {
      await page.setViewportSize(viewport)
      if (expects) expecting(expects)
      await answer(page, answers, expecting)
      await page.goto(`/admin${at.replace(/「(.+?)」/, (_, task: string) => tasks.get(task)!)}`)
      await act?.(page)
      await expect((loading ? page.getByLabel(shows) : page.getByText(shows)).first()).toBeVisible()
      return page
    })
    await page.context().setOffline(false)
    // Left first, for a form keeps a draft as it goes; and by an address of the same origin, which is whose storage it is. A
    // page that asks the server for nothing, and names its icon: for others the browser looks for /favicon.ico, which is a 404.
    await page.goto('/admin/login')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.evaluate(() => {
      localStorage.clear()
      sessionStorage.clear()
    })
  },
})

export const WIDE: ViewportSize = { width: 1440, height: 900 }

export { expect }
