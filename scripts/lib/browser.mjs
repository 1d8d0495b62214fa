import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installFromApt, isDebian, mayUseApt } from './apt.mjs'
import { Stop } from './command.mjs'
import { lastLines, run, step } from './run.mjs'
import { env, root } from './workspace.mjs'

const NAMES = ['chromium', 'google-chrome-stable', 'google-chrome']
const PACKAGES = ['chromium', 'fonts-noto-cjk', 'fonts-noto-color-emoji']

/**
 * Makes sure of a browser, and of fonts that can draw Chinese and emoji. Resolves to the path of the system's Chromium,
 * or to nothing where Playwright is to use its own.
 */
export async function prepareBrowser() {
  if (isDebian() && mayUseApt()) {
    if (!systemChromium() || !hasFonts()) await installPackages()
  } else if (!systemChromium()) {
    await installFromPlaywright()
  }
  if (!hasFonts())
    console.log('No Chinese or emoji font on this machine: pages show boxes instead. Try fonts-noto-cjk.')
  return systemChromium()
}

const outputOf = (program, args) => spawnSync(program, args, { encoding: 'utf8' }).stdout ?? ''

function systemChromium() {
  for (const name of NAMES) {
    const path = outputOf('sh', ['-c', `command -v ${name}`]).trim()
    if (path && spawnSync(path, ['--version']).status === 0) return path
  }
  return undefined
}

const hasFonts = () =>
  outputOf('fc-list', [':lang=zh-cn', 'family']).trim() !== '' && /emoji/i.test(outputOf('fc-list', [':', 'family']))

async function installPackages() {
  await step(`Installing ${PACKAGES.join(', ')}`, () => installFromApt(['fontconfig', ...PACKAGES]))
  if (!systemChromium()) throw new Stop('Chromium was installed, and does not run.')
}

async function installFromPlaywright() {
  await step("Installing Playwright's Chromium", () => {
    const withSystemLibraries = process.platform === 'linux' && process.getuid() === 0 ? ['--with-deps'] : []
    const playwright = join(root, 'packages/e2e/node_modules/.bin/playwright')
    return mustRun(playwright, ['install', ...withSystemLibraries, 'chromium'])
  })
}

async function mustRun(program, args) {
  const { ok, output } = await run(program, args, { cwd: root, env })
  if (!ok)
    throw new Stop(`${lastLines(output)}\n\nNo browser: "${program} ${args.join(' ')}" failed; the reason is above.`)
}
