// Who may import whom (ARCHITECTURE.md, docs/decisions/0003). Type imports count too, unless a rule says otherwise.

/** The server's features from left to right: each may import what stands to its left, and nothing to its right. */
const FEATURES = [
  'people',
  'images',
  // Pages of the web, looked at for title and cover.
  'links',
  'messages',
  'auth',
  'jssdk',
  'tasks',
  // The pictures of pushes as WeCom's own composer takes them.
  'media',
  'delivery',
  'proofs',
  'mine',
  'exports',
  'callbacks',
  // Health and operations look at everything; nothing looks at them.
  'ops',
]

/** What the phone may load from the contract at run time: none of it reaches zod (24 KB gzip for one small schema). */
const ZOD_FREE = '^packages/contract/src/(card|client|text|emoji|time|limits)\\.ts$'

const SERVER = '^apps/server/src/'
const FEATURE = `${SERVER}(${FEATURES.join('|')})/`
/** Where the parts are put together: the only files that know all features. index.ts hands start.ts to scripts and tests. */
const COMPOSITION = `${SERVER}(app|worker|start|main|cli)\\.ts$`
const TESTS = '(\\.(test|fixture)\\.ts$|^(apps|packages)/[^/]+/src/test/)'
const OURS = '^(apps|packages|scripts)/'

const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const leftwardsOnly = FEATURES.slice(0, -1).map((feature, index) =>
  forbid(
    `feature-leftwards-${feature}`,
    `Features import only leftwards: ${FEATURES.join(' ← ')}.`,
    { path: `${SERVER}${feature}/`, pathNot: TESTS },
    { path: `${SERVER}(${FEATURES.slice(index + 1).join('|')})/` },
  ),
)

module.exports = {
  forbidden: [
    forbid('no-circle', 'No circle of imports.', {}, { circular: true }),
    forbid('resolves', 'Every import leads somewhere.', {}, { couldNotResolve: true }),
    forbid(
      'contract-zod-only',
      'The contract imports zod and unicode-segmenter, and of axios only the type: a front hands its own instance in.',
      { path: '^packages/contract/src/', pathNot: TESTS },
      { pathNot: ['^packages/contract/src/', npm('zod', 'unicode-segmenter', 'axios')] },
    ),
    forbid(
      'contract-axios-type-only',
      'The contract knows axios by type only, so that the server never loads it.',
      { path: '^packages/contract/src/', pathNot: TESTS },
      { path: npm('axios'), dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'contract-zod-free',
      'The files a phone loads import at run time only each other and unicode-segmenter.',
      { path: ZOD_FREE },
      { pathNot: [ZOD_FREE, npm('unicode-segmenter')], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'wecom-alone',
      'The WeCom client imports node and @wecom/crypto only: it knows nothing of tasks.',
      { path: '^packages/wecom/src/', pathNot: TESTS },
      { pathNot: ['^packages/wecom/src/', npm('@wecom/crypto')], dependencyTypesNot: ['core'] },
    ),
    forbid(
      'wecom-none-of-ours',
      'The WeCom client imports nothing else of ours; its tests may meet the simulator.',
      { path: '^packages/wecom/' },
      { path: OURS, pathNot: '^packages/(wecom|simulator)/' },
    ),
    forbid(
      'simulator-none-of-ours',
      'The simulator imports nothing of ours, so that a mistake in the client is not mirrored in its judge.',
      { path: '^packages/simulator/' },
      { path: OURS, pathNot: '^packages/simulator/' },
    ),
    forbid(
      'simulator-only-in-tests',
      'Only tests know the simulator: no word of it in the product.',
      { path: '^(apps/|packages/(contract|wecom)/)', pathNot: TESTS },
      { path: '^packages/simulator/' },
    ),
    ...['admin', 'mobile'].map((front) =>
      forbid(
        `${front}-contract-only`,
        'A front imports the contract and nothing else of ours.',
        { path: `^apps/${front}/` },
        { path: OURS, pathNot: [`^apps/${front}/`, '^packages/contract/src/'] },
      ),
    ),
    forbid(
      'mobile-no-zod',
      'The phone carries no zod: from the contract it takes types and the files that load none.',
      { path: '^apps/mobile/src/', pathNot: TESTS },
      { path: ['^packages/contract/', npm('zod')], pathNot: ZOD_FREE, dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'server-contract-and-wecom',
      'The server imports the contract and the WeCom client; its tests the simulator as well.',
      { path: '^apps/server/' },
      { path: OURS, pathNot: ['^apps/server/', '^packages/(contract|wecom|simulator)/src/'] },
    ),
    forbid(
      'seams-know-no-feature',
      'http, db, blobs and jobs import no feature, nor does any other technical file.',
      { path: SERVER, pathNot: [FEATURE, COMPOSITION, TESTS] },
      { path: FEATURE },
    ),
    ...leftwardsOnly,
    forbid(
      'only-main-knows-app-and-worker',
      'Only main.ts, whose body is start.ts, puts app.ts and worker.ts together; tests do so too.',
      { path: SERVER, pathNot: [`${SERVER}(main|cli|start|index)\\.ts$`, TESTS] },
      { path: COMPOSITION },
    ),
    forbid(
      'tests-stay-tests',
      'What runs in production imports no test code.',
      // Benches are no part of the product.
      { path: '^(apps|packages)/[^/]+/src/', pathNot: [TESTS, '^packages/bench/'] },
      { path: TESTS },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|data|test-results|playwright-report)/' },
    // Sees `import type` as well, and marks it, so that the rules above can tell types from code.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'node', 'require'],
      mainFields: ['types', 'typings', 'module', 'main'],
      extensions: ['.ts', '.d.ts', '.mts', '.vue', '.mjs', '.js', '.cjs', '.json', '.css'],
    },
  },
}
