import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ImageView, instant, PersonRef } from './fields.ts'

export const ProofVersion = z.object({
  version: z.int(),
  submittedAt: instant,
  /** None are left when they were erased. */
  images: z.array(ImageView),
  /** When the pictures were taken away, being older than this installation keeps proofs; null while they are there. */
  erasedAt: instant.nullable(),
})
export type ProofVersion = z.output<typeof ProofVersion>

export const proofApi = {
  view: endpoint({
    method: 'GET',
    path: '/api/console/pushes/:pushId/proofs/:userid',
    for: 'admin',
    summary: "One person's proofs, the newest version first",
    reply: z.object({ person: PersonRef, versions: z.array(ProofVersion) }),
  }),
}
