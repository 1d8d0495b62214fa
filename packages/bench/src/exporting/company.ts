import { sql } from 'kysely'
import { openDatabase } from '../../../../apps/server/src/db/open.ts'
import { foundCompany, useridOf } from '../due/company.ts'

/** A company with a finished push for each of these sizes, and the cookie of its administrator. */
export async function companyWithPushes(file: string, sizes: number[]) {
  const cookie = await foundCompany(file, Math.max(...sizes))
  const db = await openDatabase(`sqlite:${file}`)
  try {
    const now = Date.now()
    await db
      .insertInto('admins')
      .values({ userid: useridOf(0), addedBy: 'bench', addedAt: now })
      .execute()
    for (const size of sizes) {
      const [taskId, pushId] = [`task${size}`, pushOf(size)]
      await db.transaction().execute(async (trx) => {
        await sql`
          insert into tasks (id, name, search_name, send_scope, hint, state, created_by, created_at, updated_at)
          values (${taskId}, '双十二新品上市', '双十二新品上市', 'wechat', '', 'finished', ${useridOf(0)}, ${now}, ${now})`.execute(
          trx,
        )
        await sql`
          insert into pushes (id, task_id, position, name, scheduled_at, state, issued_at, text, late, reminder_rounds)
          values (${pushId}, ${taskId}, 0, '第一天', ${now}, 'issued', ${now}, '新品到店', 0, 0)`.execute(trx)
        await sql`
          insert into executions (push_id, userid, task_id, executed_at, card_state, reminders, created_at)
          select ${pushId}, userid, ${taskId}, ${now} + rowid, 'delivered', 0, ${now} from employees
          order by rowid limit ${size}`.execute(trx)
      })
    }
    await sql`analyze`.execute(db)
    return cookie
  } finally {
    await db.destroy()
  }
}

export const pushOf = (size: number) => `push${size}`
