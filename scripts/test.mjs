import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareBrowser } from './lib/browser.mjs'
import { runChecks } from './lib/checks.mjs'
import { Stop, command } from './lib/command.mjs'
import { playwrightCounts, readReport, sum, vitestCounts } from './lib/counts.mjs'
import { buildFronts } from './lib/fronts.mjs'
import { run } from './lib/run.mjs'
import { env, install, root } from './lib/workspace.mjs'

// npm test: everything, from nothing. `npm test -- check`, `-- unit` and `-- e2e` run a part. Its last line is the count.

const reports = mkdtempSync(join(tmpdir(), 'moments-test-'))

const PARTS = {
  check: runChecks,

  async unit() {
    const report = join(reports, 'vitest.json')
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const { ok } = await run(join(root, 'node_modules/.bin/vitest'), args, { cwd: root, env, show: true })
    return vitestCounts(ok, readReport(report))
  },

  async e2e() {
    const browser = await passes('browser', prepareBrowser)
    const build = await passes('build', buildFronts)
    const ready = sum([browser, build])
    if (ready.failed > 0) return ready

    const cwd = join(root, 'packages/e2e')
    const report = join(reports, 'playwright.json')
    const { ok } = await run(join(cwd, 'node_modules/.bin/playwright'), ['test', '--reporter=list,json'], {
      cwd,
      // The system's Chromium where there is one; without it the suite takes Playwright's own.
      env: { ...env, ...(browser.result && { CHROMIUM_PATH: browser.result }), PLAYWRIGHT_JSON_OUTPUT_NAME: report },
      show: true,
    })
    return sum([ready, playwrightCounts(ok, readReport(report))])
  },
}

/** A piece of set-up counts like a check: it passes or it fails, and says why. */
async function passes(name, work) {
  try {
    return { passed: 1, failed: 0, result: await work() }
  } catch (error) {
    console.log(`FAILED ${name}\n${error instanceof Stop ? error.message : error.stack}`)
    return { passed: 0, failed: 1 }
  }
}

await command(async () => {
  const asked = process.argv.slice(2)
  const unknown = asked.find((part) => !Object.hasOwn(PARTS, part))
  if (unknown)
    throw new Stop(`There is no part "${unknown}": it is one of ${Object.keys(PARTS).join(', ')}, or nothing for all.`)

  const counts = []
  try {
    counts.push(await passes('install', install))
    if (counts[0].failed === 0) {
      for (const [part, body] of Object.entries(PARTS)) {
        if (asked.length === 0 || asked.includes(part)) counts.push(await body())
      }
    }
  } finally {
    rmSync(reports, { recursive: true })
  }
  const { passed, failed } = sum(counts)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed && 1
})
