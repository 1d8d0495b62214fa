import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { step } from '../lib/run.mjs'
import { assemble, pack } from './assemble.mjs'
import { tryOut } from './try-out.mjs'

/** Makes the archive in the folder, from built fronts, and prints what trying it out has shown. */
export async function makeRelease(folder) {
  const work = mkdtempSync(join(tmpdir(), 'moments-release-'))
  try {
    const name = await step('Putting the release together', () => assemble(work))
    mkdirSync(folder, { recursive: true })
    const archive = await step('Packing it', () => pack(work, name, folder))
    const { starts, stopped } = await step('Trying it out', () => tryOut(archive))
    const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`
    console.log(`
  Archive      ${archive}
  Size         ${(statSync(archive).size / 1024 ** 2).toFixed(1)} MB
  Cold start   ${starts.map(seconds).join(', ')} until /readyz (the first makes the database)
  SIGTERM      ended after ${seconds(stopped)}`)
  } finally {
    rmSync(work, { recursive: true })
  }
}
