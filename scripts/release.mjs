import { join } from 'node:path'
import { command } from './lib/command.mjs'
import { buildFronts } from './lib/fronts.mjs'
import { install, root } from './lib/workspace.mjs'
import { makeRelease } from './release/make.mjs'

// pnpm release: an archive that runs on a machine with Node 24 and nothing else, tried out as such before it counts.
await command(async () => {
  await install()
  await buildFronts()
  await makeRelease(join(root, 'dist'))
})
