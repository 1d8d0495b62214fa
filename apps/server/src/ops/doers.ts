import type { Db } from '../parts.ts'
import { personRefs } from '../people/people.ts'

/** What the audit log names as who did it where nobody did, but the server itself or its operator. */
const SYSTEM = 'system'

/** What those are called whom the audit log names: it keeps the userids of then, whatever WeCom calls people by now. */
export async function namesOfDoers(db: Db, userids: string[]): Promise<Map<string, string>> {
  const names = new Map([[SYSTEM, '系统']])
  const people = await personRefs(db, userids)
  for (const { userid, name } of people.values()) names.set(userid, name)
  const strangers = userids.filter((userid) => !people.has(userid))
  for (const { former, name } of await formerly(db, strangers)) names.set(former, name)
  return names
}

/** Each of them by the userid of today. */
export async function useridsToday(db: Db, userids: string[]): Promise<string[]> {
  const now = new Map((await formerly(db, userids)).map(({ former, userid }) => [former, userid]))
  return [...new Set(userids.map((userid) => now.get(userid) ?? userid))]
}

/** All userids that somebody has had, of any of them. */
export async function useridsOf(db: Db, userid: string): Promise<string[]> {
  const [today = userid] = await useridsToday(db, [userid])
  const rows = await db.selectFrom('formerUserids').select('former').where('userid', '=', today).execute()
  return [...new Set([today, ...rows.map(({ former }) => former)])]
}

/** Those of them who are called by another userid since. */
const formerly = (db: Db, userids: string[]) =>
  db
    .selectFrom('formerUserids')
    .innerJoin('employees', 'employees.userid', 'formerUserids.userid')
    .select(['formerUserids.former', 'formerUserids.userid', 'employees.name'])
    .where('former', 'in', userids)
    .execute()
