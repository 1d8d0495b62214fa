import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BENCHES } from './benches.ts'
import { isHeld, toTable } from './figures.ts'
import { SMALL } from './scale.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qimeng-bench-'))
})
afterAll(() => rm(folder, { recursive: true }))

// How fast is for `pnpm bench` to say, on a machine that does nothing else.
it.each(Object.keys(BENCHES))('%s measures something', { timeout: 120_000 }, async (name) => {
  const figures = await BENCHES[name]!({ ...SMALL, folder })
  expect(figures.length).toBeGreaterThan(0)
  for (const { what, ours, bare } of figures) {
    expect(ours, what).toBeGreaterThan(0)
    expect(bare ?? 1, what).toBeGreaterThan(0)
  }
})

it('says of each figure whether its bar is held', () => {
  const figure = { what: '「春节」', ours: 30, bare: 100, unit: 'req/s' as const }
  expect(isHeld(figure)).toBeUndefined()
  expect(isHeld({ ...figure, bar: { atLeast: 0.3 } })).toBe(true)
  expect(isHeld({ ...figure, bar: { atMost: 0.29 } })).toBe(false)
  expect(toTable([{ ...figure, bar: { atLeast: 0.6 } }])).toBe(
    '          ours  bare         ratio  bar\n「春节」  30.0  100   req/s  0.30   ≥ 0.6  NOT HELD\n',
  )
})
