import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** The credentials name another corporation than the one whose data is here. */
export class ForeignDatabase extends Error {
  constructor(own: string, given: string) {
    super(
      `This database belongs to ${own}, but WECOM_CORP_ID is ${given}: use another DATA_DIR for another corporation.`,
    )
    this.name = 'ForeignDatabase'
  }
}

export const newSigningKey = () => randomBytes(32).toString('base64url')

/**
 * Whose database this is; written at the first start.
 * @throws {ForeignDatabase}
 */
export async function claimInstallation(db: Kysely<Database>, corpId: string, now: number): Promise<void> {
  await db
    .insertInto('installation')
    .values({ id: 1, corpId, signingKey: newSigningKey(), createdAt: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const { corpId: own } = await db.selectFrom('installation').select('corpId').executeTakeFirstOrThrow()
  if (own !== corpId) throw new ForeignDatabase(own, corpId)
}
