import { existsSync, readFileSync } from 'node:fs'

// What a test runner says it did, as { passed, failed }. A runner that failed without a failing test (it crashed, a file
// did not load, it found no test at all) counts as one failure: nothing may go wrong and be counted as nothing.

/** From vitest's JSON reporter. A file that could not be loaded is one failure: nobody knows how many tests it holds. */
export function vitestCounts(ok, report) {
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = report ?? {}
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return counted(ok, numPassedTests, numFailedTests + unloaded.length)
}

/** From Playwright's JSON reporter. A flaky test passed in the end; one that was never reached is no success. */
export function playwrightCounts(ok, report) {
  const { expected = 0, flaky = 0, unexpected = 0 } = report?.stats ?? {}
  return counted(ok, expected + flaky, unexpected)
}

function counted(ok, passed, failed) {
  const silent = failed === 0 && (!ok || passed === 0)
  return { passed, failed: silent ? 1 : failed }
}

/** The report at this path, or nothing where the runner left none that can be read. */
export function readReport(path) {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

export function sum(counts) {
  return counts.reduce((all, { passed, failed }) => ({ passed: all.passed + passed, failed: all.failed + failed }), {
    passed: 0,
    failed: 0,
  })
}
