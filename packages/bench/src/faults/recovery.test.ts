import { expect, it } from 'vitest'
import { slowestRecovery } from './recovery.ts'

const call = (at: number, batch: string, answeredAt?: number) => ({
  ...{ path: '/cgi-bin/message/send', at, body: `{"url":"http://x/m/pushes/p1?b=${batch}"}` },
  ...(answeredAt === undefined ? {} : { answeredAt }),
})
const created = new Map([['p1', 10]])

it('counts from the death to the first call of a push that nobody had sent', () => {
  expect(slowestRecovery([call(70, 'b1', 71)], [50], created)).toBe(20)
})

it('counts from the last death to the repeat of a call that one of them cut', () => {
  const calls = [call(20, 'b1'), call(90, 'b1', 91)]
  expect(slowestRecovery(calls, [30, 50], created)).toBe(40)
})

it('leaves out what no death held up: an answer that had been read, a push that came later', () => {
  expect(slowestRecovery([call(20, 'b1', 25), call(90, 'b1', 91)], [30], created)).toBe(0)
  expect(slowestRecovery([call(20, 'b1', 25)], [5], created)).toBe(0)
})
