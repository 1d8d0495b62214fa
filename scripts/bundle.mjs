import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BUDGETS, filesOf, growth, modulesOf, weigh } from './lib/bundle.mjs'
import { command } from './lib/command.mjs'
import { buildFronts, FRONTS } from './lib/fronts.mjs'
import { root } from './lib/workspace.mjs'

// A part of pnpm check: what a page opened cold downloads stays within its budget. A breach names the modules that grew
// since their sizes were kept, which `node scripts/bundle.mjs keep` does anew.

const KEPT = join(root, 'scripts/bundle-sizes.json')

await command(async () => {
  await buildFronts()
  if (process.argv[2] === 'keep') return keep()

  let breached = false
  for (const budget of BUDGETS) {
    const { files, kilobytes } = weigh(budget)
    const over = kilobytes > budget.most
    console.log(`${kilobytes.toFixed(1)} KB gzip ${budget.front}: ${budget.page} (at most ${budget.most})`)
    if (!over) continue
    breached = true
    for (const file of files.slice(0, 6)) console.log(`  ${file.kilobytes.toFixed(1).padStart(6)} ${file.file}`)
    await nameWhatGrew(budget)
  }
  return breached && 1
})

async function nameWhatGrew(budget) {
  const kept = JSON.parse(readFileSync(KEPT, 'utf8'))[budget.front]
  const grown = growth(kept, await modulesIn(budget.front, [budget]))
  console.log('  grown since the sizes were kept, before minifying:')
  for (const { module, kilobytes, fresh } of grown.slice(0, 8)) {
    console.log(`  ${`+${kilobytes.toFixed(1)}`.padStart(6)} ${module}${fresh ? ' (new)' : ''}`)
  }
}

async function keep() {
  const sizes = {}
  for (const front of Object.keys(FRONTS)) {
    const budgets = BUDGETS.filter((budget) => budget.front === front)
    sizes[front] = await modulesIn(front, budgets)
  }
  writeFileSync(KEPT, `${JSON.stringify(sizes, null, 2)}\n`)
}

/** Builds the front once more, in memory, to see what its files are made of. */
async function modulesIn(front, budgets) {
  const folder = join(root, 'apps', front)
  const { build } = await import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve('vite')).href)
  process.chdir(folder)
  const { output } = await build({ root: folder, logLevel: 'error', build: { write: false } })
  const manifest = JSON.parse(output.find(({ fileName }) => fileName === '.vite/manifest.json').source)
  return modulesOf(
    output,
    filesOf(
      manifest,
      budgets.flatMap(({ entries }) => entries),
    ),
  )
}
