import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareBrowser } from './lib/browser.mjs'
import { runChecks } from './lib/checks.mjs'
import { prepareCeph } from './lib/ceph.mjs'
import { Stop, command } from './lib/command.mjs'
import { playwrightCounts, readReport, sum, vitestCounts } from './lib/counts.mjs'
import { buildFronts } from './lib/fronts.mjs'
import { preparePostgres } from './lib/postgres.mjs'
import { prepareProxies } from './lib/proxies.mjs'
import { run } from './lib/run.mjs'
import { makeScratch } from './lib/scratch.mjs'
import { prepareSpreadsheet } from './lib/spreadsheet.mjs'
import { env, install, root } from './lib/workspace.mjs'
import { makeRelease } from './release/make.mjs'

// npm test: everything, from nothing. `npm test -- check`, `-- unit`, `-- e2e` and `-- release` run a part. Its last line is the count.

const reports = mkdtempSync(join(tmpdir(), 'moments-test-'))
const scratch = makeScratch()
/** What each part took (ms): all of them together have twelve minutes on two cores. */
const took = []

const PARTS = {
  check: { run: runChecks },
  unit: { run: runUnit, inBrowser: true },
  e2e: { run: runEndToEnd, inBrowser: true },
  release: { run: runRelease },
}

async function runUnit(browserEnv) {
  await prepareSpreadsheet()
  const onPostgres = await preparePostgres()
  const onS3 = await prepareCeph()
  await prepareProxies()
  const report = join(reports, 'vitest.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  if (!onPostgres) args.push('--project=!server-postgres')
  if (!onS3) args.push('--project=!server-s3')
  const vitest = join(root, 'node_modules/.bin/vitest')
  const { ok } = await run(vitest, args, { cwd: root, env: browserEnv, show: true })
  return vitestCounts(ok, readReport(report))
}

async function runEndToEnd(browserEnv) {
  const build = await passes('build', buildFronts)
  if (build.failed > 0) return build

  const cwd = join(root, 'packages/e2e')
  const report = join(reports, 'playwright.json')
  const { ok } = await run(join(cwd, 'node_modules/.bin/playwright'), ['test', '--reporter=list,json'], {
    cwd,
    env: { ...browserEnv, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    show: true,
  })
  return sum([build, playwrightCounts(ok, readReport(report))])
}

/** The archive that `pnpm release` makes, started as on a machine with Node alone. */
async function runRelease() {
  return sum([await passes('build', buildFronts), await passes('release', () => makeRelease(reports))])
}

/** Runs the parts in order; the browser is prepared before the first that needs one, and without it those cannot run. */
async function runParts(asked) {
  const counts = []
  const wanted = Object.entries(PARTS).filter(([name]) => asked.length === 0 || asked.includes(name))
  let browserEnv
  for (const [name, part] of wanted) {
    if (part.inBrowser && !browserEnv) {
      const browser = await passes('browser', prepareBrowser)
      counts.push(browser)
      if (browser.failed > 0) return counts
      // The system's Chromium where there is one; without it the suites take Playwright's own. It can handle files with
      // Chinese names only where the locale can.
      browserEnv = {
        ...env,
        TMPDIR: scratch,
        LC_ALL: 'C.UTF-8',
        ...(browser.result && { CHROMIUM_PATH: browser.result }),
      }
    }
    const began = performance.now()
    counts.push(await part.run(browserEnv))
    took.push([name, performance.now() - began])
  }
  return counts
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
    if (counts[0].failed === 0) counts.push(...(await runParts(asked)))
  } finally {
    for (const folder of [reports, scratch]) rmSync(folder, { recursive: true, force: true })
  }
  const { passed, failed, flaky } = sum(counts)
  console.log()
  for (const name of flaky) console.log(`FLAKY ${name}`)
  for (const [name, ms] of took) console.log(`${name} took ${(ms / 60_000).toFixed(1)} min`)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed && 1
})
