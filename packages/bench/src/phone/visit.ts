import { existsSync } from 'node:fs'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from '@playwright/test'

/** The one that npm test found, else Debian's, else the one Playwright brought. */
const executablePath = process.env['CHROMIUM_PATH'] || ['/usr/bin/chromium'].find((path) => existsSync(path))

/** What DevTools and Lighthouse call Slow 4G: 1.6 Mbit/s, 150 ms there and back, as seen by one request after the other. */
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: 188_743, uploadThroughput: 86_400 }
const SLOWER_PROCESSOR = 4

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 3,
  isMobile: true,
  hasTouch: true,
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1',
}

export const openBrowser = () =>
  chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox', '--disable-gpu'] })

export type Cookie = Parameters<BrowserContext['addCookies']>[0][number]
export type Browser = Awaited<ReturnType<typeof openBrowser>>

/**
 * Opens a page with empty caches, logged in, until this text is there and nothing more is loading.
 * @returns when (ms) the largest of its contents was painted
 */
export async function visitCold(
  browser: Browser,
  { url, cookies, text, slow }: { url: string; cookies: Cookie[]; text: string; slow: boolean },
): Promise<number> {
  const context = await browser.newContext(PHONE)
  try {
    await context.addCookies(cookies)
    const page = await context.newPage()
    if (slow) await slowDown(page)
    await page.addInitScript(() => {
      const painted: number[] = []
      Object.assign(globalThis, { painted })
      const observer = new PerformanceObserver((list) =>
        painted.push(...list.getEntries().map((entry) => entry.startTime)),
      )
      observer.observe({ type: 'largest-contentful-paint', buffered: true } as never)
    })
    await page.goto(url)
    await page.getByText(text).first().waitFor({ timeout: 60_000 })
    await page.waitForLoadState('networkidle')
    return await page.evaluate(() => (globalThis as unknown as { painted: number[] }).painted.at(-1)!)
  } finally {
    await context.close()
  }
}

async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', SLOW_4G)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER_PROCESSOR })
}
