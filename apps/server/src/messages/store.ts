import { sql } from 'kysely'
import { keysetPage, type PageQuery } from '../db/keyset.ts'
import type { Db } from '../parts.ts'

/** Messages an administrator sees: those for everybody, and the person's own. */
const visibleTo = (db: Db, userid: string) =>
  db
    .selectFrom('messages')
    .where((where) => where.or([where('messages.userid', 'is', null), where('messages.userid', '=', userid)]))

const unreadBy = (db: Db, userid: string) =>
  visibleTo(db, userid).where(({ not, exists, selectFrom }) =>
    not(
      exists(
        selectFrom('messageReads')
          .select('messageReads.messageId')
          .whereRef('messageReads.messageId', '=', 'messages.id')
          .where('messageReads.userid', '=', userid),
      ),
    ),
  )

export function listMessages(db: Db, userid: string, paging: PageQuery) {
  const query = visibleTo(db, userid)
    .leftJoin('messageReads', (join) =>
      join.onRef('messageReads.messageId', '=', 'messages.id').on('messageReads.userid', '=', userid),
    )
    .leftJoin('exports', 'exports.id', 'messages.exportId')
    .selectAll('messages')
    .select([
      'messageReads.readAt',
      'exports.state as exportState',
      'exports.rowsDone',
      'exports.rowsTotal',
      'exports.fileName',
      'exports.bytes',
      'exports.error as exportError',
      'exports.expiresAt',
    ])
  type Row = Awaited<ReturnType<typeof query.executeTakeFirstOrThrow>>
  return keysetPage(query, [{ by: sql.ref('messages.id'), direction: 'desc', of: (row: Row) => row.id }], paging)
}

export async function countMessages(db: Db, userid: string): Promise<number> {
  const { count } = await visibleTo(db, userid)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function countUnread(db: Db, userid: string): Promise<number> {
  const { count } = await unreadBy(db, userid)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** @param ids null means every message this person can see */
export async function markRead(db: Db, userid: string, ids: string[] | null, now: number) {
  let unread = unreadBy(db, userid)
  if (ids) unread = unread.where('messages.id', 'in', ids)
  await db
    .insertInto('messageReads')
    .columns(['messageId', 'userid', 'readAt'])
    .expression(unread.select(['messages.id', sql.val(userid).as('userid'), sql.val(now).as('readAt')]))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Something new happened to it: it counts as unread again. */
export async function markUnread(trx: Db, exportId: string) {
  await trx
    .deleteFrom('messageReads')
    .where('messageId', 'in', (sub) => sub.selectFrom('messages').select('id').where('exportId', '=', exportId))
    .execute()
}
