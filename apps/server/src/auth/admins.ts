import type { AdminRow } from '@qimeng/contract'
import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import { closeSessionsOf } from '../http/sessions.ts'
import type { Db, Parts } from '../parts.ts'
import { findPerson, personRefs } from '../people/people.ts'
import { notFound, Refusal, refuseField } from '../refusal.ts'

/** Fills an empty list of administrators from ADMIN_USERIDS, so that somebody can get in after the installation. */
export async function admitFirstAdmins({ db, config, clock, log }: Parts) {
  const userids = [...new Set(config.adminUserids)]
  const any = await db.selectFrom('admins').select('userid').limit(1).executeTakeFirst()
  if (any) return
  if (userids.length === 0) return log.warn('nobody may use the console yet: set ADMIN_USERIDS')
  const addedAt = clock.now()
  await db
    .insertInto('admins')
    .values(userids.map((userid) => ({ userid, addedBy: 'system', addedAt })))
    // Another process that starts at the same moment does the same.
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** WeCom's userids ignore case, an operator's ADMIN_USERIDS may too: the row is brought into WeCom's spelling here. */
export async function recognizeAdmin(db: Db, userid: string): Promise<boolean> {
  const exact = await db.selectFrom('admins').select('userid').where('userid', '=', userid).executeTakeFirst()
  if (exact) return true
  const spelled = await db
    .updateTable('admins')
    .set({ userid })
    .where(sql`lower(userid)`, '=', userid.toLowerCase())
    .executeTakeFirst()
  return spelled.numUpdatedRows > 0n
}

export async function listAdmins(db: Db): Promise<AdminRow[]> {
  const rows = await db.selectFrom('admins').selectAll().orderBy('addedAt').orderBy('userid').execute()
  const refs = await personRefs(db, [...rows.map((row) => row.userid), ...rows.map((row) => row.addedBy)])
  return rows.map(({ userid, addedAt, addedBy }) => ({
    ...(refs.get(userid) ?? { userid, name: userid, department: '', active: false }),
    addedAt,
    addedBy: addedBy === 'system' ? '系统' : (refs.get(addedBy)?.name ?? addedBy),
  }))
}

/** Whom a colleague who is not let in can ask: the first three who can log in themselves. */
export async function adminNames(db: Db): Promise<string[]> {
  const admins = await listAdmins(db)
  return admins
    .filter(({ active }) => active)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** @throws {Refusal} invalid, when WeCom shows us no such person */
export async function addAdmin(parts: Parts, actor: string, userid: string) {
  const person = await findPerson(parts.db, userid)
  if (!person?.active) throw refuseField(['userid'], '通讯录中没有这位员工')
  await appointAdmin(parts, actor, person.userid)
}

/**
 * As whoever installs the product may: also somebody whom the directory does not show, since it may be the directory that
 * does not work.
 * @returns whether that is new
 */
export function appointAdmin({ db, clock }: Pick<Parts, 'db' | 'clock'>, actor: string, userid: string) {
  return db.transaction().execute(async (trx) => {
    if (await recognizeAdmin(trx, userid)) return false
    await trx.insertInto('admins').values({ userid, addedBy: actor, addedAt: clock.now() }).execute()
    await audit(trx, { clock }, { actor, action: 'admin.add', subject: userid })
    return true
  })
}

/** Takes the console away, at once. @throws {Refusal} conflict, when nobody who can still log in would remain */
export async function removeAdmin(parts: Parts, actor: string, userid: string) {
  await parts.db.transaction().execute(async (trx) => {
    // Locks every row: two who remove each other at the same moment would else both still see the other one.
    await trx
      .updateTable('admins')
      .set(({ ref }) => ({ addedAt: ref('addedAt') }))
      .execute()
    const { numDeletedRows } = await trx.deleteFrom('admins').where('userid', '=', userid).executeTakeFirst()
    if (numDeletedRows === 0n) throw notFound('管理员')
    const left = await trx
      .selectFrom('admins')
      .innerJoin('employees', 'employees.userid', 'admins.userid')
      .select('admins.userid')
      .where('employees.active', '=', 1)
      .limit(1)
      .executeTakeFirst()
    if (!left) throw new Refusal('conflict', '至少要保留一位管理员')
    await closeSessionsOf(trx, [userid], 'admin')
    await audit(trx, parts, { actor, action: 'admin.remove', subject: userid })
  })
}

/** Ends all sessions of a person, in the console and on phones. The person may log in again. */
export async function endSessions(parts: Pick<Parts, 'db' | 'clock'>, actor: string, userid: string) {
  await parts.db.transaction().execute(async (trx) => {
    await closeSessionsOf(trx, [userid])
    await audit(trx, parts, { actor, action: 'session.end', subject: userid })
  })
}

/** @throws {Refusal} not_found, when this is no administrator */
export async function endSessionsOfAdmin(parts: Parts, actor: string, userid: string) {
  const admin = await parts.db.selectFrom('admins').select('userid').where('userid', '=', userid).executeTakeFirst()
  if (!admin) throw notFound('管理员')
  await endSessions(parts, actor, userid)
}
