import { expect, it } from 'vitest'
import { donePercent } from './donePercent.ts'

it.each([
  [0, 0, 0],
  [0, 5, 0],
  [1, 5000, 1],
  [1, 3, 33],
  [4999, 5000, 99],
  [5, 5, 100],
])('%d of %d is %d %%', (done, executions, percent) => expect(donePercent(done, executions)).toBe(percent))
