import { env, readIfThere } from './workspace.mjs'
import { Stop } from './command.mjs'
import { lastLines, run } from './run.mjs'

let listsAreFresh = false

/** Debian or a relative of it, and the right to install. */
export const mayUseApt = () => process.getuid?.() === 0 && /debian/.test(osRelease())

/** Debian itself, where a package holds what its name says: Ubuntu's `chromium` is a stub that asks for snap. */
export const isDebian = () => /^ID=debian$/m.test(osRelease())

const osRelease = () => readIfThere('/etc/os-release') ?? ''

/** Installs Debian packages without what they merely recommend. @throws {Stop} with the reason, when apt refuses */
export async function installFromApt(packages) {
  if (!listsAreFresh) await apt('update')
  listsAreFresh = true
  await apt('install', '--yes', '--no-install-recommends', ...packages)
}

async function apt(...args) {
  const { ok, output } = await run('apt-get', args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } })
  if (!ok) throw new Stop(`${lastLines(output)}\n\n"apt-get ${args.join(' ')}" failed; the reason is above.`)
}
