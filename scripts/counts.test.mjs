import { expect, test } from 'vitest'
import { playwrightCounts, sum, vitestCounts } from './lib/counts.mjs'

test('counts what the runners report', () => {
  expect(vitestCounts(true, { numPassedTests: 12, numFailedTests: 0 })).toEqual({ passed: 12, failed: 0 })
  expect(vitestCounts(false, { numPassedTests: 12, numFailedTests: 3 })).toEqual({ passed: 12, failed: 3 })
  expect(playwrightCounts(false, { stats: { expected: 4, flaky: 1, unexpected: 2, skipped: 1 } })).toEqual({
    passed: 5,
    failed: 2,
  })
})

test.each([
  ['crashed without a report', vitestCounts(false, undefined)],
  ['could not load a test file', vitestCounts(false, { numPassedTests: 0, numFailedTests: 0 })],
  ['says all is well and ran nothing', vitestCounts(true, { numPassedTests: 0, numFailedTests: 0 })],
  ['crashed before its first page', playwrightCounts(false, undefined)],
  ['found no test', playwrightCounts(true, { stats: { expected: 0, flaky: 0, unexpected: 0, skipped: 3 } })],
])('a runner that %s is one failure', (_, counts) => {
  expect(counts).toEqual({ passed: 0, failed: 1 })
})

test('a test file that could not be loaded counts beside the failing tests', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
  ]
  expect(vitestCounts(false, { numPassedTests: 9, numFailedTests: 1, testResults })).toEqual({ passed: 9, failed: 2 })
})

test('a runner that failed besides its passing tests is a failure too', () => {
  expect(vitestCounts(false, { numPassedTests: 9, numFailedTests: 0 })).toEqual({ passed: 9, failed: 1 })
})

test('sums up', () => {
  expect(
    sum([
      { passed: 2, failed: 0 },
      { passed: 3, failed: 1 },
    ]),
  ).toEqual({ passed: 5, failed: 1 })
})
