import { sql } from 'kysely'
import type { Db } from '../parts.ts'

/**
 * Somebody is called by another userid from now on: so do the lists of the ledger, before his executions are renamed. Bytes
 * that WeCom may have seen stay as they are, a body that it has certainly not seen names him as WeCom does now.
 */
export async function renameRecipients(trx: Db, from: string, to: string): Promise<void> {
  const named = JSON.stringify(from)
  const his = trx.selectFrom('executions').select('pushId').where('userid', '=', from)
  const batches = trx.updateTable('batches').where('pushId', 'in', his).where('recipients', 'like', `%${named}%`)
  const replaced = (column: 'recipients' | 'refused') =>
    sql<string>`replace(${sql.ref(column)}, ${named}, ${JSON.stringify(to)})`
  const unseen = await trx
    .selectFrom('batches')
    .select(['id', 'body'])
    .where('pushId', 'in', his)
    .where('state', 'in', ['ready', 'blocked'])
    .where('firstAmbiguousAt', 'is', null)
    .execute()
  await batches.set({ recipients: replaced('recipients'), refused: replaced('refused') }).execute()
  for (const { id, body } of unseen) {
    const renamed = addressedAnew(body, (userid) => (userid === from ? to : userid))
    if (renamed !== body) await trx.updateTable('batches').set({ body: renamed }).where('id', '=', id).execute()
  }
}

/** A body that WeCom has not taken, with its recipients as they are called now. */
export function addressedAnew(body: string, nameNow: (userid: string) => string): string {
  const message = JSON.parse(body) as { touser: string }
  return JSON.stringify({ ...message, touser: message.touser.split('|').map(nameNow).join('|') })
}

/** Whom the bytes of a call name, in the order of its recipients. */
export const addressedIn = (body: string): string[] => (JSON.parse(body) as { touser: string }).touser.split('|')
