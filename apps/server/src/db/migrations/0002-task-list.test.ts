import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Db } from '../../parts.ts'
import { catalogueOf } from '../../test/catalogue.ts'
import { migrate } from '../migrate.ts'
import type { PushState } from '../schema.ts'
import * as firstTables from './0001-first-tables.ts'
import { openTestDatabase, type OpenTestDatabase } from '../../test/database.ts'

let database: OpenTestDatabase
let db: Db
beforeEach(async () => {
  database = await openTestDatabase({ empty: true })
  db = database.db
  await migrate(db, { '0001-first-tables': firstTables })
})
afterEach(() => database.end())

const PUSH_STATES: PushState[] = ['scheduled', 'issued', 'missed', 'cancelled']
/** Every mixture of push states a task can have. */
const MIXTURES = Array.from({ length: 15 }, (_, bits) => PUSH_STATES.filter((_state, at) => ((bits + 1) >> at) & 1))

async function anOldTask(id: string, name: string, states: PushState[], deletedAt: number | null) {
  const task = { id, name, searchName: name, sendScope: 'wechat', hint: '', createdBy: 'zhangsan' } as const
  // Without what the later migration adds: this is the database of the older program.
  await db
    .insertInto('tasks')
    .values({ ...task, createdAt: 1, updatedAt: 1, deletedAt } as never)
    .execute()
  for (const [position, state] of states.entries()) {
    const push = { id: `${id}/${state}`, taskId: id, position, name: 'x', scheduledAt: 1, state, text: 'x' }
    await db
      .insertInto('pushes')
      .values({ ...push, late: 0, reminderRounds: 0 } as never)
      .execute()
  }
}

it('finds states, counts and searched names for the tasks of an older program', async () => {
  for (const states of MIXTURES) await anOldTask(states.join('+'), `春节${states[0]}春节😀`, states, null)
  await anOldTask('gone', '删了', ['cancelled'], 2)
  await migrate(db)
  const { stored, derived } = await catalogueOf(db)
  expect(stored.grams).not.toEqual([])
  expect(stored).toEqual(derived)
})
