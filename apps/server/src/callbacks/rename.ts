import { renameRecipients } from '../delivery/renamed.ts'
import { renameEverywhere } from '../db/rename.ts'
import type { Parts } from '../parts.ts'
import { knownPerson, markLeft } from '../people/store.ts'
import { recountTasksOf } from '../tasks/catalogue.ts'

/**
 * WeCom calls somebody by another userid: he stays who he is, with his tasks, proofs, sessions and rights. A copy of the
 * directory, which cannot know that the two are one, may have come first and made a second person; that one becomes he.
 */
export async function renamePerson({ db, clock, log }: Parts, change: { from: string; to: string }): Promise<void> {
  const now = clock.now()
  await db.transaction().execute(async (trx) => {
    const person = (await knownPerson(trx, change.from)).get(change.from.toLowerCase())
    // A person keeps the first spelling of his userid, for WeCom ignores its case.
    if (!person || change.from.toLowerCase() === change.to.toLowerCase()) return
    const second = (await knownPerson(trx, change.to)).get(change.to.toLowerCase())
    const [from, to] = [person.userid, second?.userid ?? change.to]
    await renameRecipients(trx, from, to)
    await renameEverywhere(trx, from, to)
    await recountTasksOf(trx, [from, to])
    if (second) await markLeft(trx, [from], now)
    await trx
      .updateTable('employees')
      .set({ active: 1, leftAt: null, updatedAt: now })
      .where('userid', '=', to)
      .execute()
    const former = { former: from, userid: to, renamedAt: now }
    await trx
      .insertInto('formerUserids')
      .values(former)
      .onConflict((conflict) => conflict.column('former').doUpdateSet(former))
      .execute()
    log.info(former, 'WeCom has given a person another userid')
  })
}
