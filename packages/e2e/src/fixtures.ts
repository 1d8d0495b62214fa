import {
  type BrowserContext,
  type BrowserContextOptions,
  type Cookie,
  expect,
  type Page,
  test as base,
} from '@playwright/test'
import type { Caller, ConsoleApi } from '@qimeng/contract'
import { callAs, logIn } from './console.ts'
import { openPhone, type Phone } from './phone.ts'
import { startStack, type Stack, type StackOptions } from './stack.ts'
import { newWatch, watchPages } from './watch.ts'
import { controlWecom, type Wecom } from './wecom.ts'

/** An administrator at the desk. */
export interface Administrator {
  page: Page
  /** Calls the server with this browser's session, past the pages. */
  call: Caller<ConsoleApi>
}

interface Fixtures {
  wecom: Wecom
  /** A browser of its own, whose pages fail the test on whatever goes wrong in them. */
  openBrowser(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Says beforehand what is meant to go wrong: console messages, error statuses and log lines that match. */
  expecting(pattern: RegExp): void
  /** Logs in at the console as a person does: 「企业微信扫码登录」, then the phone of that name scans. */
  administrator(name?: string, options?: BrowserContextOptions): Promise<Administrator>
  /** The phone of this person, open in a window of its own. */
  phoneOf(userid: string, options?: BrowserContextOptions): Promise<Phone>
}

/** Worker options: files that differ in them have stacks of their own. */
interface WorkerFixtures extends StackOptions {
  /** Names a company of this file's own, for tests that count in it or change its past: others would find it changed. */
  company: string
  stack: Stack
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  seeded: [false, { option: true, scope: 'worker' }],
  people: [0, { option: true, scope: 'worker' }],
  company: ['', { option: true, scope: 'worker' }],
  stack: [
    async ({ seeded, people, company: _ownStack }, use) => {
      const stack = await startStack({ seeded, people })
      await use(stack)
      await stack.stop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  wecom: async ({ stack }, use) => {
    const wecom = controlWecom(stack.simulatorUrl)
    await use(wecom)
    await wecom.noFaults()
  },
  expecting: [
    async ({ stack }, use) => {
      const watch = newWatch()
      watches.set(stack, watch)
      await use(watch.expecting)
      for (const line of stack.takeErrors()) watch.add(line)
      expect(watch.unexpected(), 'nothing goes wrong behind the pages').toEqual([])
    },
    { auto: true },
  ],
  openBrowser: async ({ browser, stack, expecting: _first }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: stack.publicUrl, ...options })
      watchPages(context, watches.get(stack)!)
      contexts.push(context)
      return context
    })
    for (const context of contexts) await context.close()
  },
  administrator: async ({ openBrowser, stack }, use) => {
    await use(async (name = '林建国', options) => {
      const context = await openBrowser(options)
      const page = await context.newPage()
      const sessions = sessionsOf(stack)
      await context.addCookies(sessions.get(name) ?? [])
      await page.goto('/admin/tasks')
      // Nobody has a session before his first login, nor after something has ended it.
      const login = page.getByRole('button', { name: '企业微信扫码登录' })
      await expect(login.or(page.getByRole('heading', { name: '朋友圈群发', level: 1 }))).toBeVisible()
      if (await login.isVisible()) await logIn(page, name)
      sessions.set(name, await context.cookies())
      return { page, call: await callAs(page, stack.publicUrl) }
    })
  },
  phoneOf: async ({ openBrowser, wecom }, use) => {
    await use(async (userid, options) => openPhone(await openBrowser({ ...HANDSET, ...options }), wecom, userid))
  },
})

const watches = new WeakMap<Stack, ReturnType<typeof newWatch>>()

/** Who has logged in stays so from test to test, like somebody who comes back after lunch. */
const logins = new WeakMap<Stack, Map<string, Cookie[]>>()
function sessionsOf(stack: Stack) {
  if (!logins.has(stack)) logins.set(stack, new Map())
  return logins.get(stack)!
}

const HANDSET: BrowserContextOptions = { viewport: { width: 375, height: 812 }, hasTouch: true, deviceScaleFactor: 2 }

export { expect }
