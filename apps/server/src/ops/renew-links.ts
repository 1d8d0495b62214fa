import { audit } from '../audit/audit.ts'
import { newSigningKey } from '../db/installation.ts'
import type { Parts } from '../parts.ts'

/**
 * Ends all picture links that are out: a link needs no cookie, so that whoever has got hold of one sees its picture until it
 * expires. Every process signs with the new key from then on (images/links.ts).
 */
export async function renewLinks({ db, clock }: Pick<Parts, 'db' | 'clock'>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('installation').set({ signingKey: newSigningKey() }).execute()
    await audit(trx, { clock }, { actor: 'system', action: 'links.renew', subject: 'links' })
  })
}
