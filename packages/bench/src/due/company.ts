import { createHash, randomBytes } from 'node:crypto'
import { chunks } from '../../../../apps/server/src/db/chunks.ts'
import { migrate } from '../../../../apps/server/src/db/migrate.ts'
import { openDatabase } from '../../../../apps/server/src/db/open.ts'

const DAY = 86_400_000

export const useridOf = (number: number) => `user${String(number).padStart(6, '0')}`

/** A database with so many employees, and the session of an administrator in it. @returns his cookie */
export async function foundCompany(file: string, people: number): Promise<string> {
  const db = await openDatabase(`sqlite:${file}`)
  try {
    await migrate(db)
    const now = Date.now()
    const numbers = Array.from({ length: people }, (_, number) => number)
    await db.transaction().execute(async (trx) => {
      for (const some of chunks(numbers)) {
        const rows = some.map((number) => ({
          ...{ userid: useridOf(number), name: `员工${number}`, searchName: `员工${number}`, position: '' },
          ...{ mainDepartmentId: null, pinyin: `yuangong${number}`, initials: `yg${number}` },
          ...{ active: 1 as const, leftAt: null, updatedAt: now },
        }))
        await trx.insertInto('employees').values(rows).execute()
      }
    })
    await db
      .insertInto('directorySyncs')
      .values({ id: 'founding', reason: 'bench', startedAt: now, finishedAt: now, people, departments: 0, error: null })
      .execute()
    const token = randomBytes(32).toString('base64url')
    const tokenHash = createHash('sha256').update(token).digest('hex')
    const session = { tokenHash, audience: 'admin' as const, userid: useridOf(0), createdAt: now, lastSeenAt: now }
    await db
      .insertInto('sessions')
      .values({ ...session, expiresAt: now + DAY })
      .execute()
    return `qimeng_admin=${token}`
  } finally {
    await db.destroy()
  }
}
