import type { ProofVersion } from '@qimeng/contract'
import { requireExecution } from '../delivery/access.ts'
import { tellFinished } from '../delivery/card-codes.ts'
import type { EmployeeSession } from '../http/sessions.ts'
import { attachImages, viewImages } from '../images/images.ts'
import type { Viewer } from '../images/links.ts'
import type { Db, Parts } from '../parts.ts'
import { findProofs, insertProof, markExecuted } from './store.ts'

/**
 * Takes a proof: its pictures, its version and 已执行 in the caller's transaction.
 * @throws {Refusal} not_executor, task_deleted, not_found, or invalid when a picture is not this person's upload
 */
export async function submitProof(
  parts: Parts,
  trx: Db,
  { session, pushId, imageIds }: { session: EmployeeSession; pushId: string; imageIds: string[] },
) {
  const now = parts.clock.now()
  await requireExecution(trx, session, pushId)
  await attachImages(trx, imageIds, { owner: session, purpose: 'proof', path: ['images'], now })
  await insertProof(trx, { pushId, userid: session.userid, imageIds, now })
  await markExecuted(trx, pushId, session.userid, now)
  await tellFinished(parts, trx, pushId)
}

/** One person's proofs, the newest version first, with links for this viewer. */
export async function viewProofs(
  parts: Pick<Parts, 'db' | 'clock'>,
  pushId: string,
  userid: string,
  viewer: Viewer,
): Promise<ProofVersion[]> {
  const proofs = await findProofs(parts.db, pushId, userid)
  const images = await viewImages(
    parts,
    proofs.flatMap(({ imageIds }) => imageIds),
    viewer,
  )
  return proofs.map(({ version, submittedAt, erasedAt, imageIds }) => ({
    version,
    submittedAt,
    erasedAt,
    images: imageIds.flatMap((imageId) => images.get(imageId) ?? []),
  }))
}
