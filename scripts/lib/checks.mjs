import { join } from 'node:path'
import { run } from './run.mjs'
import { env, root } from './workspace.mjs'

const types = (folder, compiler = 'tsc') => [`types ${folder}`, compiler, '--noEmit', '--pretty', 'false', '-p', folder]

const CHECKS = [
  ['layout', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['lint', 'eslint', '--max-warnings', '0', '.'],
  ['imports', 'depcruise', '--no-progress', 'apps', 'packages'],
  types('scripts'),
  ...['contract', 'wecom', 'simulator', 'e2e', 'bench'].map((name) => types(`packages/${name}`)),
  types('apps/server'),
  ...['admin', 'mobile'].map((name) => types(`apps/${name}`, 'vue-tsc')),
  ['bundle', 'node', 'scripts/bundle.mjs'],
]

/** Runs every check, whatever the others say, and returns how many passed and failed. */
export async function runChecks() {
  const counts = { passed: 0, failed: 0 }
  for (const [name, program, ...args] of CHECKS) {
    const started = Date.now()
    const { ok, output } = await run(join(root, 'node_modules/.bin', program), args, { cwd: root, env })
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    if (!ok) console.log(output.trimEnd())
    counts[ok ? 'passed' : 'failed'] += 1
  }
  return counts
}
