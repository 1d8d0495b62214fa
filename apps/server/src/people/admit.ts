import { getUser, WecomError, type MemberSummary } from '@qimeng/wecom'
import type { PersonRef } from '@qimeng/contract'
import type { Parts } from '../parts.ts'
import { findPerson } from './people.ts'
import { knownPerson, writeMembers, writeMemberships } from './store.ts'

export type Person = PersonRef

/**
 * The active person WeCom has just named. Somebody unknown here, or thought to have left, is looked up at WeCom at once:
 * nobody waits for the hourly copy, nor an administrator for the very first one.
 * @returns undefined for somebody who does not see the app, or is disabled in WeCom
 */
export async function admitPerson({ db, wecom, clock }: Parts, userid: string): Promise<Person | undefined> {
  const known = await findPerson(db, userid)
  if (known?.active) return known
  const member = await unlessInvisible(() => getUser(wecom, userid))
  if (!member?.active) return undefined
  await db.transaction().execute(async (trx) => {
    const people = await knownPerson(trx, member.userid)
    await writeMembers(trx, people, [member], clock.now())
    await writeMemberships(trx, people, [member])
  })
  return findPerson(db, member.userid)
}

async function unlessInvisible(read: () => Promise<MemberSummary>): Promise<MemberSummary | undefined> {
  try {
    return await read()
  } catch (error) {
    // WECOM.md 8: unknown and out of the app's range are one and the same answer.
    if (error instanceof WecomError && error.kind === 'recipient') return undefined
    throw error
  }
}
