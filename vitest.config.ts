import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// Servers and commands are started many times, as processes of their own: they are compiled once.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url))

// Tests of server, simulator and commands start the whole of them; a loaded machine may take its time.
const PATIENCE = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
  // npm test names whatever passed only then, as it does with the end-to-end tests.
  retry: process.env['CI'] ? 1 : 0,
}

// No module of theirs keeps anything between tests, and none is replaced in a test, so that test files may share what has been
// imported, and the fronts' theirs a page: that is a third of the processor's time in the server, and two thirds in the fronts.
const SHARED = { isolate: false }
// Looks at the memory and the time that its process takes, so that it has one of its own.
const MEASURED = 'src/images/receive.test.ts'
// What kills servers and watches the clock, or measures: after the others, one for each core.
const LAST = { maxWorkers: 2, sequence: { groupOrder: 1 } }

const node = (name: string, root: string, sharing = {}) => ({
  test: { name, root, environment: 'node', include: ['src/**/*.test.ts'], ...PATIENCE, ...sharing },
})

/** Test files of a package whose text matches, as their package names them. */
const filesWith = (text: RegExp, root: string) =>
  globSync('src/**/*.test.ts', { cwd: root }).filter((file) => text.test(readFileSync(join(root, file), 'utf8')))

const browser = (name: string, root: string) => {
  const test = { root, environment: 'happy-dom', ...PATIENCE }
  // Those that replace modules, or load them anew.
  const alone = filesWith(/\bvi\.(mock|doMock|resetModules)\(/, root)
  return [
    { plugins: [vue()], test: { ...test, name, include: ['src/**/*.test.ts'], exclude: alone, ...SHARED } },
    { plugins: [vue()], test: { ...test, name: `${name}-alone`, include: alone } },
  ]
}

// What is about SQLite itself.
const SQLITE_ONLY = [
  'src/db/{open,full,statements}.test.ts',
  'src/jobs/embedded.test.ts',
  // The file's backups; PostgreSQL has its own.
  'src/ops/{backup,restore}.test.ts',
  'src/cli.test.ts',
  // Counts the rows that were written, which PostgreSQL does late.
  'src/people/sync-large.test.ts',
]

// What needs both at once.
const POSTGRES_ONLY = ['src/ops/move/*.test.ts']
// What is about S3 servers themselves.
const S3_ONLY = 'src/blobs/s3.test.ts'
// What reads or writes pictures and files.
const ON_S3 = ['src/blobs/{blobs,s3,life}.test.ts', 'src/ops/{housekeeping,copy-blobs}.test.ts']

export default defineConfig({
  test: {
    // Most files wait half of their time, for WeCom's pauses, the database, or a clock: three keep two cores busy.
    maxWorkers: 3,
    projects: [
      node('contract', 'packages/contract', SHARED),
      node('wecom', 'packages/wecom', SHARED),
      node('simulator', 'packages/simulator', SHARED),
      node('bench', 'packages/bench', LAST),
      { test: { ...node('server', 'apps/server', SHARED).test, exclude: [...POSTGRES_ONLY, S3_ONLY, MEASURED] } },
      { test: { ...node('server-measured', 'apps/server', LAST).test, include: [MEASURED] } },
      // The same tests on PostgreSQL and pg-boss: all that have a database.
      {
        test: {
          ...node('server-postgres', 'apps/server', SHARED).test,
          include: [...filesWith(/from '.*test\/(world|database|jobs)\.ts'/, 'apps/server'), ...POSTGRES_ONLY],
          globalSetup: ['src/test/postgres-setup.ts'],
          exclude: SQLITE_ONLY,
        },
      },
      // Those that are about pictures and files, on an S3 server.
      {
        test: {
          ...node('server-s3', 'apps/server', SHARED).test,
          include: ON_S3,
          globalSetup: ['src/test/s3-setup.ts'],
        },
      },
      ...browser('admin', 'apps/admin'),
      ...browser('mobile', 'apps/mobile'),
      { test: { name: 'scripts', root: 'scripts', environment: 'node', include: ['**/*.test.mjs'], ...PATIENCE } },
    ],
  },
})
