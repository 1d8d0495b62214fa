import { checksum } from '../../db/table-rows.ts'
import type { TableName } from '../../db/tables.ts'
import { OperatorError } from '../../explain.ts'
import { countWaiting } from '../../jobs/boss-queues.ts'
import type { Db } from '../../parts.ts'
import { COPIED, jobsToPlan } from './copy.ts'

/**
 * Reads both sides anew, whatever the copying believes to have done.
 * @throws {OperatorError} naming the tables that differ
 */
export async function verify(
  source: Db,
  target: Db,
  verified: (table: TableName, rows: number, sum: string) => void,
): Promise<void> {
  const wrong: string[] = []
  for (const table of COPIED) {
    const [before, after] = await Promise.all([checksum(source, table), checksum(target, table)])
    if (before.sum === after.sum && before.rows === after.rows) verified(table, after.rows, after.sum)
    else
      wrong.push(`${table} (${before.rows} rows, ${after.rows} arrived${before.rows === after.rows ? ' changed' : ''})`)
  }
  const [expected, planned] = [await jobsToPlan(source), await countWaiting(target)]
  if (expected !== planned) wrong.push(`jobs (${expected} wait, ${planned} arrived)`)
  if (wrong.length === 0) return
  throw new OperatorError(
    `What arrived is not what was sent: ${wrong.join(', ')}. Drop that database, create it again, and begin anew.`,
  )
}
