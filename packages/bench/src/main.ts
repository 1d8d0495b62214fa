import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BENCHES } from './benches.ts'
import { faults } from './faults/index.ts'
import { toTable } from './figures.ts'
import { printProcesses } from './processes/index.ts'
import { FULL, SMALL } from './scale.ts'

// pnpm bench [NAME…] [--small]: all of them, or these.
// pnpm bench faults [R1 R15 …] [--long] [--postgres]: no figures but promises, so it runs by itself.
// pnpm bench processes: the same of several processes on PostgreSQL.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { small: { type: 'boolean' }, long: { type: 'boolean' }, postgres: { type: 'boolean' } },
})
if (positionals[0] === 'faults') {
  const { long = false, postgres = false } = values
  const isHeld = await faults({ long, postgres, only: positionals.slice(1) })
  process.exit(isHeld ? 0 : 1)
}
if (positionals[0] === 'processes') process.exit((await printProcesses()) ? 0 : 1)
const isMeant = (name: string, asked: string) => name === asked || name.startsWith(`${asked}-`)
const unknown = positionals.filter((asked) => !Object.keys(BENCHES).some((name) => isMeant(name, asked)))
if (unknown.length > 0) {
  process.stderr.write(
    `No bench is called ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}, faults, processes\n`,
  )
  process.exit(1)
}
const folder = join(import.meta.dirname, '../../../data/bench')
const scale = { ...(values.small ? SMALL : FULL), folder }
const figures = []
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length > 0 && !positionals.some((asked) => isMeant(name, asked))) continue
  process.stderr.write(`${name} …\n`)
  figures.push(...(await bench(scale)))
}
process.stdout.write(toTable(figures))
