import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stop } from './command.mjs'
import { lastLines, run, step } from './run.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Node 24, which the npm package `node` brings under another name (docs/decisions/0002). */
export const node24 = join(root, 'node_modules/nodejs/bin/node')

/** A workspace package's own command-line tools are run by name with this environment: its Node is Node 24. */
export const env = cleanEnvironment()

function cleanEnvironment() {
  // What npm tells its scripts about itself is not meant for the programs they start.
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^npm_(lifecycle|package|command|execpath|node)/.test(name),
  )
  return { ...Object.fromEntries(entries), PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) }
}

/** Brings every dependency as pnpm-lock.yaml has it, pnpm and Node 24 among them; at once when nothing has changed. */
export async function install() {
  const stamp = join(root, 'node_modules/.installed')
  const wanted = hashFiles(manifests())
  if (existsSync(node24) && readIfThere(stamp) === wanted) return

  requireWritable(root)
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await step('Installing dependencies (a few minutes the first time)', async () => {
    const { ok, output } = await run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
      cwd: root,
      env,
    })
    if (!ok) throw new Stop(`${lastLines(output)}\n\nThe dependencies could not be installed; the reason is above.`)
  })
  writeFileSync(stamp, wanted)
}

function manifests() {
  const packages = ['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name, 'package.json')),
  )
  return [
    ...['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => join(root, name)),
    ...packages,
  ].filter((path) => existsSync(path))
}

/** One hash over names and contents: equal as long as nothing was added, removed or edited. */
export function hashFiles(paths) {
  const hash = createHash('sha256')
  for (const path of [...paths].sort())
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex')
}

export function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

export function requireWritable(folder) {
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new Stop(`This needs to write to ${folder}, and the user running it may not.`)
  }
}
