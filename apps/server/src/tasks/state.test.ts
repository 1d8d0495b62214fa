import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TaskState } from '@qimeng/contract/limits'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import type { PushState } from '../db/schema.ts'
import type { Db } from '../parts.ts'
import { aPush, aTask } from '../test/builders.ts'
import { inState, taskState } from './state.ts'
import { insertPush, insertTask } from './store.ts'

const PUSH_STATES: PushState[] = ['scheduled', 'issued', 'missed', 'cancelled']
/** Every mixture of push states a task can have. */
const MIXTURES = Array.from({ length: 15 }, (_, bits) => PUSH_STATES.filter((_state, at) => ((bits + 1) >> at) & 1))

describe('the state of a task', () => {
  it.each([
    ['未开始 while no push is issued', ['scheduled', 'missed', 'cancelled'], 'not_started'],
    ['进行中 from the first issue on', ['issued', 'scheduled'], 'running'],
    ['已结束 when every push is issued, missed or cancelled', ['issued', 'missed', 'cancelled'], 'finished'],
    ['已结束 also when nothing was issued and nothing will be', ['missed', 'cancelled'], 'finished'],
  ] as [string, PushState[], TaskState][])('is %s', (_what, pushes, state) => {
    expect(taskState(pushes)).toBe(state)
  })

  describe('as a filter', () => {
    let folder: string
    let db: Db

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'qimeng-task-state-'))
      db = await openDatabase(`sqlite:${join(folder, 'moments.db')}`)
      await migrate(db)
      for (const states of MIXTURES) {
        const taskId = states.join('+')
        await insertTask(db, taskId, aTask(), 'zhangsan', 0)
        for (const [position, state] of states.entries()) {
          const id = `${taskId}/${state}`
          await insertPush(db, { id, taskId, position }, aPush())
          await db.updateTable('pushes').set({ state }).where('id', '=', id).execute()
        }
      }
    })
    afterAll(async () => {
      await db.destroy()
      await rm(folder, { recursive: true })
    })

    it.each(['not_started', 'running', 'finished'] as const)('finds exactly the tasks that are %s', async (state) => {
      const found = await db.selectFrom('tasks').select('id').where(inState(state)).orderBy('id').execute()
      const meant = MIXTURES.filter((states) => taskState(states) === state).map((states) => states.join('+'))
      expect(found.map(({ id }) => id)).toEqual(meant.sort())
    })
  })
})
