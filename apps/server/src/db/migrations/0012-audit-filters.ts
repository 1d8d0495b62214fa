import type { Kysely } from 'kysely'

/**
 * The audit log in the order of its time, by who and by what: every choice of filters is one range of one index, and who and
 * what there is in it is found by leaping from one to the next.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const orders = {
    auditListed: [],
    auditByActor: ['actor'],
    auditByAction: ['action'],
    auditByActorAndAction: ['actor', 'action'],
  }
  for (const [name, columns] of Object.entries(orders)) {
    await db.schema
      .createIndex(name)
      .on('auditLog')
      .columns([...columns, 'at', 'id'])
      .execute()
  }
}
