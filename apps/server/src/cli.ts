import { type Config, readConfig } from './config.ts'
import { explain } from './explain.ts'
import { diagnose, report } from './ops/report.ts'

/** What an operator can ask for at a terminal; each resolves to the exit status. */
const COMMANDS: Record<string, (config: Config) => Promise<number>> = {
  async doctor(config) {
    const checks = await diagnose(config)
    process.stdout.write(`${report(checks)}\n`)
    return checks.every(({ ok }) => ok) ? 0 : 1
  },
}

const [name = ''] = process.argv.slice(2)
const command = COMMANDS[name]
let config: Config | undefined
try {
  if (command) {
    config = readConfig(process.env)
    process.exitCode = await command(config)
  } else {
    process.stderr.write(`Commands: ${Object.keys(COMMANDS).join(', ')}\n`)
    process.exitCode = 2
  }
} catch (error) {
  const explanation = explain(error, config)
  if (explanation === undefined) throw error
  process.stderr.write(`${explanation}\n`)
  process.exitCode = 1
}
