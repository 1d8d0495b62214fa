import { expect, it } from 'vitest'
import { sqliteFiles } from './databases.ts'
import { passed, SCENARIOS, SHORT } from './index.ts'
import { rigOn } from './rig.ts'

// Another worker's tests run beside them.
const withRig = rigOn(sqliteFiles, 3)

// The short form: every named point once, twenty random kills. `pnpm bench faults --long` does ten times that. Side by side, for
// they mostly wait.
it.concurrent.each(SCENARIOS)('$id $name: $passes', { timeout: 600_000 }, async (scenario) => {
  const found = await scenario.run({ ...SHORT, withRig })
  expect(passed(found), JSON.stringify(found)).toBe(true)
})
