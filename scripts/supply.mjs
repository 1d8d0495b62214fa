import { join } from 'node:path'
import { command } from './lib/command.mjs'
import { run } from './lib/run.mjs'
import { judgeLicences, READ, readAudit } from './lib/supply.mjs'
import { env, install, root } from './lib/workspace.mjs'

// pnpm supply: what the libraries that are shipped are licensed under, and what is known against them.
const pnpm = async (...args) => (await run(join(root, 'node_modules/.bin/pnpm'), args, { cwd: root, env })).output

await command(async () => {
  await install()
  const { lines, foreign } = judgeLicences(JSON.parse(await pnpm('-r', 'licenses', 'list', '--prod', '--json')))
  console.log('Licences of what is shipped:')
  for (const { licence, names } of lines) {
    const shown = names.length > 6 ? `${names.length} packages` : names.join(', ')
    console.log(`  ${licence}: ${shown}${READ[licence] ? ` (${READ[licence]})` : ''}`)
  }
  for (const { licence, names } of foreign)
    console.log(`FAILED licence ${licence} of ${names.join(', ')} was read by nobody yet`)

  const known = readAudit(await pnpm('audit', '--prod', '--json'))
  if (known === undefined) console.log('\nKnown vulnerabilities: not checked, for this registry does not tell them')
  else console.log(`\nKnown vulnerabilities: ${known.length}`)
  for (const { module_name, severity, title, url } of known ?? []) {
    console.log(`  ${severity} ${module_name}: ${title} (${url})`)
  }
  return foreign.length + (known?.length ?? 0) > 0 && 1
})
