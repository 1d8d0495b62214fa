import type { AuditAction } from '@qimeng/contract/audit'
import { newId } from '../db/id.ts'
import type { Db, Parts } from '../parts.ts'

interface Deed {
  /** Userid of whoever did it, or 'system'. */
  actor: string
  action: AuditAction
  /** Id of what it was done to. */
  subject: string
  detail?: object
}

/** Writes down who did what, in the transaction that does it: there is no deed without its line. */
export async function audit(trx: Db, { clock }: Pick<Parts, 'clock'>, { actor, action, subject, detail = {} }: Deed) {
  await trx
    .insertInto('auditLog')
    .values({ id: newId(), at: clock.now(), actor, action, subject, detail: JSON.stringify(detail) })
    .execute()
}
