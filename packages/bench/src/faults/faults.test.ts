import { expect, it } from 'vitest'
import { sqliteFiles } from './databases.ts'
import { passed, SCENARIOS, SHORT } from './index.ts'
import { rigOn } from './rig.ts'

// The short form: every named point once, twenty random kills. `pnpm bench faults --long` does ten times that.
it.each(SCENARIOS)('$id $name: $passes', { timeout: 600_000 }, async (scenario) => {
  const found = await scenario.run({ ...SHORT, withRig: rigOn(sqliteFiles) })
  expect(passed(found), JSON.stringify(found)).toBe(true)
})
