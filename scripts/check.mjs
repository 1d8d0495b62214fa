import { runChecks } from './lib/checks.mjs'
import { command } from './lib/command.mjs'
import { install } from './lib/workspace.mjs'

// pnpm check: layout, lint, import directions, types and bundle budgets of the whole repository.
await command(async () => {
  await install()
  const { passed, failed } = await runChecks()
  console.log(`\n${passed} checks passed, ${failed} failed`)
  return failed && 1
})
