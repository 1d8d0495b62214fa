import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

// pnpm --filter @qimeng/mobile run size: what the phone downloads of JS and CSS to open a task's detail page cold, from Vite's
// manifest. Bars: issue 8, P9.

const DIST = new URL('dist/', import.meta.url)
const KILOBYTE = 1024
const BARS = [
  { what: 'before the content is painted', entries: ['index.html'], most: 95 },
  {
    what: 'in all, with what is loaded after it',
    entries: ['index.html', 'src/publish/PublishSheet.vue', 'src/tasks/SavePicturesSheet.vue', 'src/wecom/sdk.ts'],
    most: 110,
  },
]

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'))

let held = true
for (const { what, entries, most } of BARS) {
  const files = filesOf(entries)
  const total = files.reduce((sum, { kilobytes }) => sum + kilobytes, 0)
  held &&= total <= most
  process.stdout.write(`${total.toFixed(1)} KB gzip ${what} (at most ${most})\n`)
  for (const { file, kilobytes } of files) process.stdout.write(`  ${kilobytes.toFixed(1).padStart(6)} ${file}\n`)
}
process.exitCode = held ? 0 : 1

/** The chunks with everything they import statically, largest first. */
function filesOf(entries) {
  const chunks = new Set()
  const take = (key) => {
    if (chunks.has(key)) return
    chunks.add(key)
    manifest[key].imports?.forEach(take)
  }
  entries.forEach(take)
  const files = new Set([...chunks].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]))
  return [...files]
    .map((file) => ({ file, kilobytes: gzipSync(readFileSync(new URL(file, DIST))).length / KILOBYTE }))
    .sort((one, other) => other.kilobytes - one.kilobytes)
}
