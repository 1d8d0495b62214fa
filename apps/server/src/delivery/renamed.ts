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
    const message = JSON.parse(body) as { touser: string }
    const touser = message.touser.split('|').map((userid) => (userid === from ? to : userid))
    const renamed = JSON.stringify({ ...message, touser: touser.join('|') })
    if (renamed !== body) await trx.updateTable('batches').set({ body: renamed }).where('id', '=', id).execute()
  }
}

/** Whom the bytes of a call name, in the order of its recipients. */
export const addressedIn = (body: string): string[] => (JSON.parse(body) as { touser: string }).touser.split('|')
