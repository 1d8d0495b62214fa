import type { TokenStore } from '@qimeng/wecom'
import { alone } from '../db/alone.ts'
import type { Db } from '../parts.ts'

/** Longer (ms) than a fetch may take: whoever holds the lock for longer has died or stands still. */
const PATIENCE = 15_000

/** WeCom's tokens and tickets in the database, so that a restart or a second process fetches none anew (WECOM.md 1.1). */
export const databaseTokenStore = (db: Db): TokenStore => ({
  read: (name) =>
    db.selectFrom('wecomTokens').select(['value', 'expiresAt']).where('name', '=', name).executeTakeFirst(),

  async write(name, { value, expiresAt }) {
    // The column is an integer, the share of a lifetime that is used need not be.
    const token = { value, expiresAt: Math.floor(expiresAt) }
    await db
      .insertInto('wecomTokens')
      .values({ name, ...token })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(token))
      .execute()
  },

  async invalidate(name, value) {
    await db.deleteFrom('wecomTokens').where('name', '=', name).where('value', '=', value).execute()
  },

  alone: (name, work) => alone(db, `wecom token ${name}`, PATIENCE, work),
})
