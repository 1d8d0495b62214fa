import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installFromApt, isDebian, mayUseApt } from './apt.mjs'
import { Stop } from './command.mjs'
import { lastLines, run, step } from './run.mjs'
import { env, root } from './workspace.mjs'

/** The same Chromium without a desktop's window around every page, for a third less of the processor's time. */
const SHELL = 'chromium-headless-shell'
const NAMES = [SHELL, 'chromium', 'google-chrome-stable', 'google-chrome']
const FONTS = ['fontconfig', 'fonts-noto-cjk', 'fonts-noto-color-emoji']

/**
 * Makes sure of a browser, and of fonts that can draw Chinese and emoji. Resolves to the path of the system's Chromium,
 * or to nothing where Playwright is to use its own.
 */
export async function prepareBrowser() {
  if (isDebian() && mayUseApt()) {
    if (!runs(SHELL) || !hasFonts()) await installPackages()
  } else if (!systemChromium()) {
    await installFromPlaywright()
  }
  if (!hasFonts())
    console.log('No Chinese or emoji font on this machine: pages show boxes instead. Try fonts-noto-cjk.')
  return systemChromium()
}

const outputOf = (program, args) => spawnSync(program, args, { encoding: 'utf8' }).stdout ?? ''

const systemChromium = () => NAMES.map(runs).find(Boolean)

/** @returns the path of the browser of that name, if it is there and runs */
function runs(name) {
  const path = outputOf('sh', ['-c', `command -v ${name}`]).trim()
  return path && spawnSync(path, ['--version']).status === 0 ? path : undefined
}

const hasFonts = () =>
  outputOf('fc-list', [':lang=zh-cn', 'family']).trim() !== '' && /emoji/i.test(outputOf('fc-list', [':', 'family']))

/** Older Debians have no shell of its own; and whoever has a Chromium already can do without another. */
async function installPackages() {
  await step('Installing Chromium and fonts', () =>
    installFromApt([SHELL, ...FONTS]).catch((error) =>
      systemChromium() ? report(error) : installFromApt(['chromium', ...FONTS]),
    ),
  )
  if (!systemChromium()) throw new Stop('Chromium was installed, and does not run.')
}

const report = (error) => console.log(error.message)

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
