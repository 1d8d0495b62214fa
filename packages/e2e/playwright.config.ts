import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'

// The one that npm test found, else Debian's, else the one Playwright brought.
const chromium = process.env['CHROMIUM_PATH'] || ['/usr/bin/chromium'].find((path) => existsSync(path))

// Server and simulator are started many times: they are compiled once.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url))

export default defineConfig({
  testDir: 'src',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  // Each has a stack of its own. One leaves half of two cores idle: pages and people wait for each other most of the time.
  workers: 3,
  // A busy machine may take its time; whoever waits needs no processor.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  // npm test names whatever passed only then.
  retries: process.env['CI'] ? 1 : 0,
  reporter: 'list',
  use: {
    locale: 'zh-CN',
    // Not Asia/Shanghai on purpose: times are meant and shown there wherever the browser stands.
    timezoneId: 'America/New_York',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 30_000,
    // Steps, requests and console. Snapshots would fetch the pages' own blobs, which our CSP rightly reports as an error.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
})
