import { chunks } from '../db/chunks.ts'
import type { CardState } from '../db/schema.ts'
import type { Db } from '../parts.ts'

interface Target {
  userid: string
  cardState: CardState
  lastRemindedAt: number | null
}

/** Who is 待执行 and still an active employee: all of them, or those among the chosen. */
export async function reachable(db: Db, pushId: string, chosen: readonly string[] | null): Promise<Target[]> {
  const query = db
    .selectFrom('executions')
    .innerJoin('employees', 'employees.userid', 'executions.userid')
    .select(['executions.userid', 'executions.cardState', 'executions.lastRemindedAt'])
    .where('executions.pushId', '=', pushId)
    .where('executions.executedAt', 'is', null)
    .where('employees.active', '=', 1)
    .orderBy('executions.userid')
  if (chosen === null) return query.execute()
  const found: Target[] = []
  for (const some of chunks(new Set(chosen))) {
    found.push(...(await query.where('executions.userid', 'in', some).execute()))
  }
  return found
}
