import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from './workspace.mjs'

const KILOBYTE = 1024

/** What a browser downloads of JS and CSS, gzip, to open a page cold: at most so many KB (issue 8, P9 and P10). */
export const BUDGETS = [
  { front: 'mobile', page: '任务详情 before its content is painted', most: 95, entries: ['index.html'] },
  {
    front: 'mobile',
    page: '任务详情 in all',
    most: 110,
    entries: ['index.html', 'src/publish/PublishSheet.vue', 'src/tasks/SavePicturesSheet.vue', 'src/wecom/sdk.ts'],
  },
  {
    front: 'admin',
    page: '朋友圈群发, the list',
    most: 200,
    entries: ['index.html', 'src/tasks/list/TaskListPage.vue'],
  },
]

/** Sizes of a page's files as they were built, largest first. */
export function weigh({ front, entries }) {
  const dist = join(root, 'apps', front, 'dist')
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
  const files = filesOf(manifest, entries)
    .map((file) => ({ file, kilobytes: gzipSync(readFileSync(join(dist, file))).length / KILOBYTE }))
    .sort((one, other) => other.kilobytes - one.kilobytes)
  return { files, kilobytes: files.reduce((sum, file) => sum + file.kilobytes, 0) }
}

/** The scripts and styles of these entries, and of everything they import statically, from Vite's manifest. */
export function filesOf(manifest, entries) {
  const chunks = new Set()
  const take = (key) => {
    if (!manifest[key]) throw new Error(`there is no ${key} in the manifest: has it been moved?`)
    if (chunks.has(key)) return
    chunks.add(key)
    manifest[key].imports?.forEach(take)
  }
  entries.forEach(take)
  return [...new Set([...chunks].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]))]
}

/** A file's module: a library, a component of a large one, or a source file of ours. */
export function moduleOf(id) {
  const path = id.replace(/^\0/, '').replace(/\?.*/, '').replace(root, '')
  const [, inside] = /.*node_modules\/(.+)$/.exec(path) ?? []
  if (!inside) return path
  const [library] = /^(@[^/]+\/)?[^/]+/.exec(inside)
  const [, part] = /\/components\/([\w-]+)\//.exec(inside) ?? /\/es\/([\w-]+)\//.exec(inside) ?? []
  return part ? `${library}/${part}` : library
}

/** What has grown most since the sizes that were kept (bytes by module), the largest growth first. */
export function growth(kept, now) {
  return Object.entries(now)
    .map(([module, bytes]) => ({
      module,
      kilobytes: (bytes - (kept[module] ?? 0)) / KILOBYTE,
      fresh: !(module in kept),
    }))
    .filter(({ kilobytes }) => kilobytes >= 0.1)
    .sort((one, other) => other.kilobytes - one.kilobytes)
}

/** Bytes by module of the files, from what Vite's build returned: before minifying, which tells growth well enough. */
export function modulesOf(output, files) {
  const sizes = {}
  for (const chunk of output) {
    if (!files.includes(chunk.fileName)) continue
    for (const [id, { renderedLength }] of Object.entries(chunk.modules ?? {})) {
      sizes[moduleOf(id)] = (sizes[moduleOf(id)] ?? 0) + renderedLength
    }
  }
  return Object.fromEntries(Object.entries(sizes).sort(([one], [other]) => (one < other ? -1 : 1)))
}
