import { spawn } from 'node:child_process'
import { command } from './lib/command.mjs'
import { readEnvironment } from './lib/stack.mjs'
import { install, node24, root } from './lib/workspace.mjs'

// pnpm cli doctor: what an operator asks for at a terminal, in the environment that npm start would use.
await command(async () => {
  await install()
  const args = ['apps/server/src/cli.ts', ...process.argv.slice(2)]
  const child = spawn(node24, args, { cwd: root, env: readEnvironment(), stdio: 'inherit' })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
})
