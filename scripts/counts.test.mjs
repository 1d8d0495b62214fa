import { expect, test } from 'vitest'
import { playwrightCounts, sum, vitestCounts } from './lib/counts.mjs'

test('counts what the runners report', () => {
  expect(vitestCounts(true, { numPassedTests: 12, numFailedTests: 0 })).toMatchObject({ passed: 12, failed: 0 })
  expect(vitestCounts(false, { numPassedTests: 12, numFailedTests: 3 })).toMatchObject({ passed: 12, failed: 3 })
  expect(playwrightCounts(false, { stats: { expected: 4, flaky: 1, unexpected: 2, skipped: 1 } })).toMatchObject({
    passed: 5,
    failed: 2,
  })
})

test('a test that passed only when it was tried again is named, however deep it lies', () => {
  const spec = (title, status) => ({ title, file: 'list.spec.ts', line: 7, tests: [{ status }] })
  const inner = { specs: [spec('deletes', 'flaky')] }
  const suites = [{ specs: [spec('finds', 'flaky'), spec('lists', 'expected')], suites: [{ suites: [inner] }] }]
  const counts = playwrightCounts(true, { stats: { expected: 1, flaky: 2, unexpected: 0 }, suites })
  const flaky = ['list.spec.ts:7 finds', 'list.spec.ts:7 deletes']
  expect(counts).toEqual({ passed: 3, failed: 0, flaky })
  expect(sum([{ passed: 1, failed: 0 }, counts])).toEqual({ passed: 4, failed: 0, flaky })
})

test('of vitest’s tests as well, with what it said when it failed', () => {
  const assertionResults = [
    {
      status: 'passed',
      fullName: 'jobs wait',
      failureMessages: ['AssertionError: expected 1 to be 2\n    at jobs.test.ts:3'],
    },
    { status: 'passed', fullName: 'jobs run', failureMessages: [] },
    { status: 'failed', fullName: 'jobs end', failureMessages: ['Error: no', 'Error: no'] },
  ]
  const testResults = [{ name: '/somewhere/src/jobs.test.ts', status: 'failed', assertionResults }]
  expect(vitestCounts(false, { numPassedTests: 2, numFailedTests: 1, testResults })).toEqual({
    ...{ passed: 2, failed: 1 },
    flaky: ['jobs.test.ts jobs wait: AssertionError: expected 1 to be 2'],
  })
})

test.each([
  ['crashed without a report', vitestCounts(false, undefined)],
  ['could not load a test file', vitestCounts(false, { numPassedTests: 0, numFailedTests: 0 })],
  ['says all is well and ran nothing', vitestCounts(true, { numPassedTests: 0, numFailedTests: 0 })],
  ['crashed before its first page', playwrightCounts(false, undefined)],
  ['found no test', playwrightCounts(true, { stats: { expected: 0, flaky: 0, unexpected: 0, skipped: 3 } })],
])('a runner that %s is one failure', (_, counts) => {
  expect(counts).toMatchObject({ passed: 0, failed: 1 })
})

test('a test file that could not be loaded counts beside the failing tests', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
  ]
  expect(vitestCounts(false, { numPassedTests: 9, numFailedTests: 1, testResults })).toMatchObject({
    passed: 9,
    failed: 2,
  })
})

test('a runner that failed besides its passing tests is a failure too', () => {
  expect(vitestCounts(false, { numPassedTests: 9, numFailedTests: 0 })).toMatchObject({ passed: 9, failed: 1 })
})

test('sums up', () => {
  expect(
    sum([
      { passed: 2, failed: 0 },
      { passed: 3, failed: 1 },
    ]),
  ).toMatchObject({ passed: 5, failed: 1 })
})
