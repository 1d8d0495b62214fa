import { join } from 'node:path'
import { run } from './run.mjs'
import { env, root } from './workspace.mjs'

const types = (project, compiler = 'tsc') => {
  return [`types ${project}`, compiler, '--noEmit', '--pretty', 'false', '-p', project]
}

// The longest first, so that the last to end runs alone for a moment only.
const CHECKS = [
  ['lint', 'eslint', '--max-warnings', '0', '.'],
  ['layout', 'prettier', '--check', '--log-level', 'warn', '.'],
  // All that runs in Node alone: they import one another, and one by one the server would be checked three times.
  types('tsconfig.node.json'),
  ...['admin', 'mobile'].map((name) => types(`apps/${name}`, 'vue-tsc')),
  ...['e2e', 'contract'].map((name) => types(`packages/${name}`)),
  ['imports', 'depcruise', '--no-progress', 'apps', 'packages'],
  ['bundle', 'node', 'scripts/bundle.mjs'],
]

/** Each keeps one core busy, and the largest take more than a gigabyte. */
const AT_ONCE = 2

/** Runs every check, whatever the others say, and returns how many passed and failed. */
export async function runChecks() {
  const counts = { passed: 0, failed: 0 }
  const waiting = CHECKS.values()
  const runNext = async () => {
    for (const [name, program, ...args] of waiting) {
      const started = Date.now()
      const { ok, output } = await run(join(root, 'node_modules/.bin', program), args, { cwd: root, env })
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
      if (!ok) console.log(output.trimEnd())
      counts[ok ? 'passed' : 'failed'] += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, runNext))
  return counts
}
