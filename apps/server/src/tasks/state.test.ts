import type { TaskState } from '@qimeng/contract/limits'
import { expect, it } from 'vitest'
import type { PushState } from '../db/schema.ts'
import { taskState } from './state.ts'

it.each([
  ['未开始 while no push is issued', ['scheduled', 'missed', 'cancelled'], 'not_started'],
  ['进行中 from the first issue on', ['issued', 'scheduled'], 'running'],
  ['已结束 when every push is issued, missed or cancelled', ['issued', 'missed', 'cancelled'], 'finished'],
  ['已结束 also when nothing was issued and nothing will be', ['missed', 'cancelled'], 'finished'],
] as [string, PushState[], TaskState][])('a task is %s', (_what, pushes, state) => {
  expect(taskState(pushes)).toBe(state)
})
