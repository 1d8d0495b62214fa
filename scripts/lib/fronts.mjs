import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Stop } from './command.mjs'
import { lastLines, run, step } from './run.mjs'
import { env, hashFiles, readIfThere, requireWritable, root } from './workspace.mjs'

export const FRONTS = { admin: 'the console', mobile: 'the phone app' }

/** Builds the two single-page apps, each only when something it is made of has changed. */
export async function buildFronts() {
  for (const [front, name] of Object.entries(FRONTS)) {
    const stamp = join(root, 'apps', front, 'dist/.built-from')
    const sources = hashSources(front)
    if (readIfThere(stamp) === sources) continue
    await step(`Building ${name}`, () => buildFront(front))
    writeFileSync(stamp, sources)
  }
}

async function buildFront(front) {
  const cwd = join(root, 'apps', front)
  requireWritable(cwd)
  const { ok, output } = await run(join(cwd, 'node_modules/.bin/vite'), ['build', '--logLevel', 'warn'], { cwd, env })
  if (!ok) throw new Stop(`${lastLines(output)}\n\napps/${front} could not be built; the reason is above.`)
}

function hashSources(front) {
  return hashFiles([
    ...filesIn(join(root, 'apps', front)),
    ...filesIn(join(root, 'packages/contract/src')),
    join(root, 'pnpm-lock.yaml'),
  ])
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', 'components.d.ts'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}
