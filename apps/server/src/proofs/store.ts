import { LIMITS } from '@qimeng/contract/limits'
import { compileOnce } from '../db/compiled.ts'
import { newId } from '../db/id.ts'
import type { Db } from '../parts.ts'
import { Refusal } from '../refusal.ts'

export interface ProofRecord {
  version: number
  submittedAt: number
  imageIds: string[]
  erasedAt: number | null
}

/**
 * Adds a version; the newest counts, the earlier ones stay for the administrator.
 * @throws {Refusal} conflict, when there are so many already that they would fill the database and the page that shows them
 */
export async function insertProof(
  trx: Db,
  { pushId, userid, imageIds, now }: { pushId: string; userid: string; imageIds: string[]; now: number },
) {
  const { latest } = await trx
    .selectFrom('proofs')
    .select(({ fn }) => fn.max('version').as('latest'))
    .where('pushId', '=', pushId)
    .where('userid', '=', userid)
    .executeTakeFirstOrThrow()
  const version = Number(latest ?? 0) + 1
  if (version > LIMITS.proofVersions) {
    throw new Refusal('conflict', `这条朋友圈已提交过 ${LIMITS.proofVersions} 次截图，不能再提交`)
  }
  const id = newId()
  await trx.insertInto('proofs').values({ id, pushId, userid, version, submittedAt: now }).execute()
  await trx
    .insertInto('proofImages')
    .values(imageIds.map((imageId, position) => ({ proofId: id, position, imageId })))
    .execute()
}

/** One person's proofs of one push, the newest first. */
export async function findProofs(db: Db, pushId: string, userid: string): Promise<ProofRecord[]> {
  const rows = await newestFirst(db, { pushId, userid })
  const versions = new Map<number, ProofRecord>()
  for (const { version, submittedAt, erasedAt, imageId } of rows) {
    const proof = versions.get(version) ?? { version, submittedAt, erasedAt, imageIds: [] }
    if (imageId !== null) proof.imageIds.push(imageId)
    versions.set(version, proof)
  }
  return [...versions.values()]
}

const newestFirst = compileOnce((db, { pushId, userid }: { pushId: string; userid: string }) =>
  db
    .selectFrom('proofs')
    .leftJoin('proofImages', 'proofImages.proofId', 'proofs.id')
    .select(['proofs.version', 'proofs.submittedAt', 'proofs.erasedAt', 'proofImages.imageId'])
    .where('proofs.pushId', '=', pushId)
    .where('proofs.userid', '=', userid)
    .orderBy('proofs.version', 'desc')
    .orderBy('proofImages.position'),
)

/** The first proof makes it 已执行, and that moment stays when proofs are replaced. */
export async function markExecuted(trx: Db, pushId: string, userid: string, now: number) {
  await trx
    .updateTable('executions')
    .set({ executedAt: now })
    .where('pushId', '=', pushId)
    .where('userid', '=', userid)
    .where('executedAt', 'is', null)
    .execute()
}
