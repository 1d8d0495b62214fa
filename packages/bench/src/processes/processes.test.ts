import { expect, it } from 'vitest'
import { hasPostgres } from '../../../../apps/server/src/test/postgres.ts'
import { processes, SMALL } from './index.ts'

// The small form; `pnpm bench processes` takes three of each.
it.runIf(hasPostgres())(
  'several processes do the whole main job, and any of them may die or be replaced',
  async () => {
    const { cards, lost, doubled, requests } = await processes(SMALL)
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
    expect(cards).toBeGreaterThan(100)
    expect(requests).toBeGreaterThan(0)
  },
  600_000,
)
