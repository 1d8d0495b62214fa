import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Stop } from '../lib/command.mjs'
import { lastLines, run } from '../lib/run.mjs'
import { env, root } from '../lib/workspace.mjs'

/** What the server is made of: whole packages, without their tests. The simulator is none of it. */
const PACKAGES = ['apps/server', 'packages/contract', 'packages/wecom']
const FRONTS = ['apps/admin/dist', 'apps/mobile/dist']
const PAPERS = ['README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'LICENSE', '.env.example', 'docs/deploy.md', 'deploy']
const MANIFESTS = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']

const isTest = (path) => /\.(test|fixture)\.ts$/.test(path) || path.endsWith('/src/test')
const isLeftOut = (path) => isTest(path) || ['node_modules', '.built-from'].includes(basename(path))

/**
 * Puts the files of a release below the folder, with exactly the libraries of pnpm-lock.yaml.
 * @returns its name, which is the name of the folder in it
 */
export async function assemble(work) {
  const { name, version, license } = readJson('package.json')
  const release = `${name}-${version}-${process.platform}-${process.arch}`
  const target = join(work, release)
  mkdirSync(target)
  for (const path of [...MANIFESTS, ...PACKAGES, ...FRONTS, ...PAPERS]) {
    if (!existsSync(join(root, path))) throw new Stop(`${path} belongs into a release and is not there.`)
    cpSync(join(root, path), join(target, path), { recursive: true, filter: (from) => !isLeftOut(from) })
  }
  await installLibraries(target)
  const scripts = { start: 'node apps/server/src/main.ts', cli: 'node apps/server/src/cli.ts' }
  const manifest = { name, version, private: true, license, type: 'module', engines: { node: '>=24' }, scripts }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  return release
}

/** pnpm wants to see every package that the lockfile knows, also those of which it is to install nothing. */
async function installLibraries(target) {
  const others = workspaceManifests().filter((path) => !existsSync(join(target, path)))
  for (const path of others) cpSync(join(root, path), join(target, path))
  const pnpm = join(root, 'node_modules/.bin/pnpm')
  const args = ['--filter-prod', '@qimeng/server...', 'install', '--prod', '--frozen-lockfile']
  const { ok, output } = await run(pnpm, args, { cwd: target, env })
  if (!ok) throw new Stop(`${lastLines(output)}\n\nThe libraries of the release could not be installed.`)
  for (const path of others) {
    const folder = dirname(join(target, path))
    rmSync(join(target, path))
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
    if (readdirSync(folder).length === 0) rmdirSync(folder)
  }
  for (const name of MANIFESTS) rmSync(join(target, name))
}

const workspaceManifests = () =>
  ['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => join(folder, name, 'package.json'))
      .filter((path) => existsSync(join(root, path))),
  )

/** @returns the path of the archive */
export async function pack(work, name, folder) {
  const archive = join(folder, `${name}.tar.gz`)
  const { ok, output } = await run('tar', ['-czf', archive, '-C', work, name], { env })
  if (!ok) throw new Stop(lastLines(output))
  return archive
}

const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))
