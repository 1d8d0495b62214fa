import { audit } from '../../audit/audit.ts'
import type { Db, Parts } from '../../parts.ts'

/** Each step is a transaction that others wait for, so it takes no more (rows). */
const AT_ONCE = 100

/**
 * Takes the pictures of proofs away that are older than they are kept. That there was a proof, and when, stays on record; the
 * pictures themselves go with all others that nothing uses, rows first.
 */
export async function eraseOldProofs(parts: Parts, signal: AbortSignal): Promise<void> {
  const age = parts.config.keep.proofs
  if (age === null) return
  let erased: number
  do {
    erased = await parts.db.transaction().execute((trx) => eraseSome(parts, trx, parts.clock.now() - age))
  } while (erased === AT_ONCE && !signal.aborted)
}

async function eraseSome(parts: Parts, trx: Db, before: number): Promise<number> {
  const old = await trx
    .selectFrom('proofs')
    .select('id')
    .where('erasedAt', 'is', null)
    .where('submittedAt', '<', before)
    .orderBy('submittedAt')
    .orderBy('id')
    .limit(AT_ONCE)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map(({ id }) => id)
  await removeProofPictures(trx, ids)
  await trx.updateTable('proofs').set({ erasedAt: parts.clock.now() }).where('id', 'in', ids).execute()
  const detail = { erased: ids.length, before }
  await audit(trx, parts, { actor: 'system', action: 'retention.proofs', subject: 'retention', detail })
  return ids.length
}

/** Their pictures are used by nothing any more, unless another version of the proof has them as well. */
export async function removeProofPictures(trx: Db, proofIds: string[]) {
  if (proofIds.length === 0) return
  const pictures = await trx
    .selectFrom('proofImages')
    .select('imageId')
    .distinct()
    .where('proofId', 'in', proofIds)
    .execute()
  const ids = pictures.map(({ imageId }) => imageId)
  await trx.deleteFrom('proofImages').where('proofId', 'in', proofIds).execute()
  await trx
    .updateTable('images')
    .set({ attachedAt: null })
    .where('id', 'in', ids)
    .where('id', 'not in', trx.selectFrom('proofImages').select('imageId').where('imageId', 'in', ids))
    .execute()
}
