import { sql } from 'kysely'
import type { Db } from '../parts.ts'
import type { Database } from './schema.ts'

/**
 * What becomes of a row that names a person who is called otherwise from now on.
 * - `follows`: it names him by the new userid
 * - `unique`: the same, unless a row with this key is there under the new one already; then the old one is dropped, or
 *   `stays` as it is, where it holds what somebody did
 * - `history`: it says what was, and is left alone
 */
type Rule = 'follows' | 'history' | { unique: readonly string[]; stays?: true }

/** Where a person is named by userid. A new table that is not here does not compile. */
const PLACES: { [T in keyof Database]: { [C in keyof Database[T]]?: Rule } } = {
  employees: { userid: { unique: [], stays: true } },
  departments: {},
  departmentMembers: { userid: { unique: ['departmentId'] } },
  directorySyncs: {},
  formerUserids: { userid: 'follows' },
  admins: { userid: { unique: [] }, addedBy: 'follows' },
  sessions: { userid: 'follows' },
  oauthStates: {},
  auditLog: { actor: 'history', subject: 'history' },
  tasks: { createdBy: 'follows' },
  // Sums, taken anew afterwards (tasks/catalogue.ts).
  taskCounts: { createdBy: { unique: ['state', 'sendScope'] } },
  taskGrams: {},
  taskGramCounts: {},
  taskExecutors: { userid: { unique: ['taskId'] } },
  pushes: {},
  pushImages: {},
  images: { ownerUserid: 'follows' },
  executions: { userid: { unique: ['pushId'], stays: true } },
  // Its recipients are lists, see delivery/renamed.ts.
  batches: { requestedBy: 'follows' },
  callCounts: {},
  recentMessages: { userid: { unique: ['at', 'batchId'] } },
  proofs: { userid: { unique: ['pushId', 'version'], stays: true } },
  proofImages: {},
  exports: { requestedBy: 'follows' },
  messages: { userid: 'follows' },
  messageReads: { userid: { unique: ['messageId'] } },
  wecomTokens: {},
  wecomMedia: {},
  callbackEvents: { userid: 'follows' },
  cardCodes: { userid: 'follows' },
  idempotencyKeys: { actor: { unique: ['key'] } },
  installation: {},
  copyMarks: {},
  moves: {},
  rateLimits: {},
  jobs: {},
}

/** Every row that names this person names him by the new userid from now on. */
export async function renameEverywhere(trx: Db, from: string, to: string): Promise<void> {
  for (const [table, columns] of Object.entries(PLACES)) {
    for (const [column, rule] of Object.entries(columns as Record<string, Rule>)) await move(trx, table, column, rule)
  }

  async function move(db: Db, table: string, column: string, rule: Rule) {
    if (rule === 'history') return
    const rows = { table: sql.table(table), column: sql.ref(column) }
    const named = sql`${rows.column} = ${from}`
    if (rule === 'follows') {
      await sql`update ${rows.table} set ${rows.column} = ${to} where ${named}`.execute(db)
      return
    }
    const sameKey = rule.unique.map((key) => sql` and ${sql.ref(`there.${key}`)} = ${sql.ref(`${table}.${key}`)}`)
    const there = sql`select 1 from ${rows.table} as there where ${sql.ref(`there.${column}`)} = ${to}${sql.join(sameKey, sql``)}`
    await sql`update ${rows.table} set ${rows.column} = ${to} where ${named} and not exists (${there})`.execute(db)
    if (!rule.stays) await sql`delete from ${rows.table} where ${named}`.execute(db)
  }
}
