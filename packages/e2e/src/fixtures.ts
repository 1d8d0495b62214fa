import {
  type BrowserContext,
  type BrowserContextOptions,
  type Cookie,
  expect,
  type Page,
  test as base,
} from '@playwright/test'
import { ApiError, type Caller, type ConsoleApi } from '@qimeng/contract'
import { callAs, callWith, logIn } from './console.ts'
import { openPhone, type Phone } from './phone.ts'
import { startStack, type Stack, type StackOptions } from './stack.ts'
import { newWatch, type Watch, watchPages } from './watch.ts'
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
  /**
   * Logs in at the console as a person does: 「企业微信扫码登录」, then the phone of that name scans. Who has done so stays
   * logged in from test to test, and finds an empty page: which one to open is for the test to say.
   */
  administrator(name?: string, options?: BrowserContextOptions): Promise<Administrator>
  /** Calls the server as 林建国, past the pages and without one: for tests about something else that need a task. */
  call: Caller<ConsoleApi>
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
    // For its beginning, in which the demo's past may be lived first, and its end together.
    { scope: 'worker', timeout: 600_000 },
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
      watchPages(context, () => watchOf(stack))
      contexts.push(context)
      return context
    })
    for (const context of contexts) await context.close()
  },
  administrator: async ({ openBrowser, stack }, use) => {
    await use(async (name = '林建国', options) => {
      const context = await openBrowser(options)
      const page = await context.newPage()
      const known = await sessionOf(stack, name)
      if (known) await context.addCookies(known)
      else await logInFirst(stack, page, name)
      return { page, call: await callAs(page, stack.publicUrl) }
    })
  },
  call: async ({ openBrowser, stack }, use) => {
    const name = '林建国'
    if (!(await sessionOf(stack, name))) await logInFirst(stack, await (await openBrowser()).newPage(), name)
    await use(callWith(logins.get(stack)!.get(name)!, stack.publicUrl))
  },
  phoneOf: async ({ openBrowser, wecom }, use) => {
    await use(async (userid, options) => openPhone(await openBrowser({ ...HANDSET, ...options }), wecom, userid))
  },
})

const watches = new WeakMap<Stack, Watch>()

/** Of the test that is running. */
export const watchOf = (stack: Stack): Watch => watches.get(stack)!

/** Who has logged in stays so from test to test, like somebody who comes back after lunch. */
const logins = new WeakMap<Stack, Map<string, Cookie[]>>()

/** @returns nothing before somebody's first login, and after something has ended it */
async function sessionOf(stack: Stack, name: string): Promise<Cookie[] | undefined> {
  const cookies = logins.get(stack)?.get(name)
  if (!cookies) return undefined
  return callWith(
    cookies,
    stack.publicUrl,
  )('GET /api/console/session').then(
    () => cookies,
    (error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return undefined
      throw error
    },
  )
}

async function logInFirst(stack: Stack, page: Page, name: string): Promise<void> {
  await logIn(page, name)
  await expect(page.getByRole('heading', { name: '朋友圈群发', level: 1 })).toBeVisible()
  if (!logins.has(stack)) logins.set(stack, new Map())
  logins.get(stack)!.set(name, await page.context().cookies())
}

const HANDSET: BrowserContextOptions = { viewport: { width: 375, height: 812 }, hasTouch: true, deviceScaleFactor: 2 }

export { expect }
