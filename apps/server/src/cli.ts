import { type Config, readConfig } from './config.ts'
import { explain } from './explain.ts'
import { COMMANDS, describeCommands } from './ops/commands.ts'
import { buildParts } from './start.ts'

/** What an operator can ask for at a terminal. */
const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
// Database, pictures and backups hold names and screenshots: what is written is for this account alone.
process.umask(0o077)
let config: Config | undefined
try {
  if (command) {
    const settings = (config = readConfig(process.env))
    const open = () => buildParts({ ...settings, logLevel: 'warn' })
    process.exitCode = await command.run({ config, args, print, open })
  } else {
    process.stderr.write(describeCommands())
    process.exitCode = 2
  }
} catch (error) {
  const explanation = explain(error, config)
  if (explanation === undefined) throw error
  process.stderr.write(`${explanation}\n`)
  process.exitCode = 1
}

function print(line: string) {
  process.stdout.write(`${line}\n`)
}
