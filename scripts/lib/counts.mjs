import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

// What a test runner says it did, as { passed, failed, flaky }. A runner that failed without a failing test (it crashed, a
// file did not load, it found no test at all) counts as one failure: nothing may go wrong and be counted as nothing.

/**
 * From vitest's JSON reporter. A file that could not be loaded is one failure: nobody knows how many tests it holds. Whatever
 * passed but has failed before is named, with what it said then.
 */
export function vitestCounts(ok, report) {
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = report ?? {}
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const flaky = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName, failureMessages }) => `${basename(name)} ${fullName}: ${failureMessages[0].split('\n')[0]}`),
  )
  return { ...counted(ok, numPassedTests, numFailedTests + unloaded.length), flaky }
}

/** From Playwright's JSON reporter. A flaky test passed in the end, and is named; one that was never reached is no success. */
export function playwrightCounts(ok, report) {
  const { expected = 0, flaky = 0, unexpected = 0 } = report?.stats ?? {}
  return { ...counted(ok, expected + flaky, unexpected), flaky: (report?.suites ?? []).flatMap(flakyIn) }
}

/** Names of the tests in a suite, and in the suites within it, that passed only when they were tried again. */
function flakyIn({ specs = [], suites = [] }) {
  const flaky = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
  return [...flaky.map(({ file, line, title }) => `${file}:${line} ${title}`), ...suites.flatMap(flakyIn)]
}

function counted(ok, passed, failed) {
  const silent = failed === 0 && (!ok || passed === 0)
  return { passed, failed: silent ? 1 : failed, flaky: [] }
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
  const total = { passed: 0, failed: 0, flaky: [] }
  for (const { passed, failed, flaky = [] } of counts) {
    total.passed += passed
    total.failed += failed
    total.flaky.push(...flaky)
  }
  return total
}
