import { gramsOf } from '../db/search.ts'
import type { Db } from '../parts.ts'
import { taskState } from '../tasks/state.ts'

const sorted = (lines: string[]) => lines.toSorted()

/** What is stored about tasks for the list, and the same worked out from tasks and pushes: to be found equal. */
export async function catalogueOf(db: Db) {
  const tasks = await db.selectFrom('tasks').selectAll().execute()
  const pushes = await db.selectFrom('pushes').select(['taskId', 'state']).execute()
  const statesOf = (id: string) => pushes.filter(({ taskId }) => taskId === id).map(({ state }) => state)
  const live = tasks.filter(({ deletedAt }) => deletedAt === null)
  const kinds = live.map(({ createdBy, state, sendScope }) => `${createdBy} ${state} ${sendScope}`)
  const grams = live.flatMap(({ id, createdAt, searchName }) =>
    gramsOf(searchName).map((gram) => ({ gram, line: `${gram} ${createdAt} ${id}` })),
  )
  const counted = (things: string[]) =>
    sorted([...Map.groupBy(things, (thing) => thing)].map(([thing, same]) => `${thing} ${same.length}`))

  const counts = await db.selectFrom('taskCounts').selectAll().where('tasks', '>', 0).execute()
  const storedGrams = await db.selectFrom('taskGrams').selectAll().execute()
  const gramCounts = await db.selectFrom('taskGramCounts').selectAll().execute()
  return {
    stored: {
      states: tasks.map(({ id, state }) => `${id} ${state}`),
      counts: sorted(counts.map((row) => `${row.createdBy} ${row.state} ${row.sendScope} ${row.tasks}`)),
      grams: sorted(storedGrams.map((row) => `${row.gram} ${row.createdAt} ${row.taskId}`)),
      gramCounts: sorted(gramCounts.map((row) => `${row.gram} ${row.tasks}`)),
    },
    derived: {
      states: tasks.map(({ id }) => `${id} ${taskState(statesOf(id))}`),
      counts: counted(kinds),
      grams: sorted(grams.map(({ line }) => line)),
      gramCounts: counted(grams.map(({ gram }) => gram)),
    },
  }
}
