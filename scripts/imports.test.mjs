import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { afterEach, expect, test } from 'vitest'
import rules from '../.dependency-cruiser.cjs'

// A rule nobody has seen bite guards nothing: each case is a small repository with one import to be refused or let pass.

const trees = []
afterEach(() => trees.splice(0).forEach((tree) => rmSync(tree, { recursive: true })))

/** Cruises a repository of these files (path → text) and returns the names of the broken rules. */
async function brokenRules(files) {
  const baseDir = mkdtempSync(join(tmpdir(), 'imports-'))
  trees.push(baseDir)
  const packages = {
    'node_modules/zod/index.js': '',
    'node_modules/zod/package.json': '{"name":"zod","main":"index.js"}',
  }
  for (const [path, text] of Object.entries({ ...packages, 'package.json': '{}', ...files })) {
    mkdirSync(dirname(join(baseDir, path)), { recursive: true })
    writeFileSync(join(baseDir, path), text)
  }
  const { options, ...ruleSet } = rules
  const { enhancedResolveOptions, ...cruiseOptions } = options
  const { output } = await cruise(
    ['apps', 'packages'].filter((root) => Object.keys(files).some((path) => path.startsWith(root))),
    { ...cruiseOptions, enhancedResolveOptions, ruleSet, validate: true, baseDir },
    enhancedResolveOptions,
  )
  return [...new Set(output.summary.violations.map(({ rule }) => rule.name))]
}

const imports = (from, to, statement = `import '${to}'`) => ({ [from]: statement })
const A = 'export const a = 1\nexport type T = number\n'

test.each([
  [
    'a circle, even of types',
    'no-circle',
    {
      'apps/server/src/tasks/a.ts': "import type { B } from './b.ts'\nexport type A = B",
      'apps/server/src/tasks/b.ts': "import type { A } from './a.ts'\nexport type B = A",
    },
  ],
  ['an import of nothing', 'resolves', imports('apps/server/src/main.ts', './nowhere.ts')],
  ['node in the contract', 'contract-zod-only', imports('packages/contract/src/limits.ts', 'node:fs')],
  ['zod in a file for the phone', 'contract-zod-free', imports('packages/contract/src/text.ts', 'zod')],
  ['zod in the WeCom client', 'wecom-alone', imports('packages/wecom/src/client.ts', 'zod')],
  [
    'a front that reaches into the server',
    'admin-contract-only',
    {
      'apps/admin/src/Page.vue': '<script setup lang="ts">\nimport { a } from \'../../server/src/a.ts\'\n</script>',
      'apps/server/src/a.ts': A,
    },
  ],
  [
    'schemas on the phone',
    'mobile-no-zod',
    {
      'apps/mobile/src/Page.vue':
        '<script setup lang="ts">\nimport { a } from \'../../../packages/contract/src/tasks.ts\'\n</script>',
      'packages/contract/src/tasks.ts': A,
    },
  ],
  [
    'the simulator in the product',
    'simulator-only-in-tests',
    { ...imports('apps/server/src/a.ts', '../../../packages/simulator/src/b.ts'), 'packages/simulator/src/b.ts': A },
  ],
  [
    'a simulator that asks its own defendant',
    'simulator-none-of-ours',
    { ...imports('packages/simulator/src/a.ts', '../../wecom/src/b.ts'), 'packages/wecom/src/b.ts': A },
  ],
  [
    'a feature that looks to the right',
    'feature-leftwards-tasks',
    { ...imports('apps/server/src/tasks/a.ts', '../delivery/b.ts'), 'apps/server/src/delivery/b.ts': A },
  ],
  [
    'a seam that knows a feature',
    'seams-know-no-feature',
    { ...imports('apps/server/src/jobs/a.ts', '../tasks/b.ts'), 'apps/server/src/tasks/b.ts': A },
  ],
  [
    'a feature that knows the app',
    'only-main-knows-app-and-worker',
    { ...imports('apps/server/src/tasks/a.ts', '../app.ts'), 'apps/server/src/app.ts': A },
  ],
  [
    'production code that runs a test helper',
    'tests-stay-tests',
    { ...imports('apps/server/src/tasks/a.ts', '../test/b.ts'), 'apps/server/src/test/b.ts': A },
  ],
])('refuses %s', async (_, rule, files) => {
  expect(await brokenRules(files)).toContain(rule)
})

test.each([
  [
    'a type of the contract and a file without zod on the phone',
    {
      'apps/mobile/src/Page.vue':
        '<script setup lang="ts">\nimport type { T } from \'../../../packages/contract/src/tasks.ts\'\n' +
        "import { a } from '../../../packages/contract/src/text.ts'\n</script>",
      'packages/contract/src/tasks.ts': `import 'zod'\n${A}`,
      'packages/contract/src/text.ts': A,
    },
  ],
  [
    'a feature that looks to the left',
    { ...imports('apps/server/src/delivery/a.ts', '../tasks/b.ts'), 'apps/server/src/tasks/b.ts': A },
  ],
  [
    'the simulator in a test of the server',
    {
      ...imports('apps/server/src/a.test.ts', '../../../packages/simulator/src/b.ts'),
      'packages/simulator/src/b.ts': A,
    },
  ],
])('lets pass %s', async (_, files) => {
  expect(await brokenRules(files)).toEqual([])
})
