import { newId } from '../db/id.ts'
import type { Messages } from '../db/schema.ts'
import type { Db } from '../parts.ts'

/** A message for one administrator, or without `userid` for all of them. */
export type Announcement = Pick<Messages, 'kind' | 'title' | 'body'> &
  Partial<Pick<Messages, 'userid' | 'taskId' | 'pushId' | 'exportId'>>

/** Puts a message into the message centre, in the transaction of what it tells about. */
export async function announce(trx: Db, announcement: Announcement, now: number): Promise<string> {
  const id = newId()
  await trx
    .insertInto('messages')
    .values({ userid: null, taskId: null, pushId: null, exportId: null, ...announcement, id, createdAt: now })
    .execute()
  return id
}
