import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../../../apps/server/src/db/open.ts'
import { catalogueOf } from '../../../../apps/server/src/test/catalogue.ts'
import { writePast } from './past.ts'

it('stores of its tasks what the product would have stored', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-past-'))
  const db = await openDatabase(`sqlite:${join(folder, 'past.db')}`)
  try {
    await writePast(db, 'sqlite', 40)
    const { stored, derived } = await catalogueOf(db)
    expect(stored.grams.length).toBeGreaterThan(400)
    expect(stored).toEqual(derived)
  } finally {
    await db.destroy()
    await rm(folder, { recursive: true })
  }
})
