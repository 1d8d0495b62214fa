import { expect, test } from 'vitest'
import { filesOf, growth, moduleOf, modulesOf } from './lib/bundle.mjs'
import { root } from './lib/workspace.mjs'

const manifest = {
  'index.html': { file: 'index.js', css: ['index.css'], imports: ['_vue.js'] },
  '_vue.js': { file: 'vue.js' },
  'src/ListPage.vue': { file: 'list.js', css: ['list.css', 'index.css'], imports: ['_vue.js', '_table.js'] },
  '_table.js': { file: 'table.js', imports: ['_vue.js'], dynamicImports: ['src/Chart.vue'] },
  'src/Chart.vue': { file: 'chart.js' },
}

test('a page downloads its entries and what they import, each once, and nothing that is loaded later', () => {
  expect(filesOf(manifest, ['index.html', 'src/ListPage.vue'])).toEqual([
    ...['index.js', 'index.css', 'vue.js'],
    ...['list.js', 'list.css', 'table.js'],
  ])
})

test('an entry that has been moved is not measured as nothing', () => {
  expect(() => filesOf(manifest, ['src/Gone.vue'])).toThrow('src/Gone.vue')
})

test.each([
  [`${root}apps/admin/src/tasks/TaskListPage.vue?vue&type=style&lang.css`, 'apps/admin/src/tasks/TaskListPage.vue'],
  [`${root}node_modules/.pnpm/axios@1.13.2/node_modules/axios/lib/axios.js`, 'axios'],
  [`${root}node_modules/.pnpm/x/node_modules/@vue/runtime-dom/dist/index.js`, '@vue/runtime-dom'],
  [`${root}node_modules/.pnpm/x/node_modules/element-plus/es/components/table/src/table.mjs`, 'element-plus/table'],
  [`${root}node_modules/.pnpm/x/node_modules/vant/es/popup/Popup.mjs`, 'vant/popup'],
])('%s belongs to %s', (id, module) => {
  expect(moduleOf(id)).toBe(module)
})

test('what grew is named, the most first; what is new says so, what shrank is of no interest', () => {
  const output = [
    {
      fileName: 'index.js',
      modules: {
        [`${root}apps/mobile/src/App.vue`]: { renderedLength: 2048 },
        [`${root}node_modules/zod/index.js`]: { renderedLength: 51_200 },
        [`${root}node_modules/zod/core.js`]: { renderedLength: 1024 },
      },
    },
    { fileName: 'later.js', modules: { [`${root}apps/mobile/src/Later.vue`]: { renderedLength: 9999 } } },
    { fileName: 'index.css', source: 'a {}' },
  ]
  const now = modulesOf(output, ['index.js', 'index.css'])
  expect(now).toEqual({ 'apps/mobile/src/App.vue': 2048, zod: 52_224 })
  expect(growth({ 'apps/mobile/src/App.vue': 1024, axios: 4096 }, now)).toEqual([
    { module: 'zod', kilobytes: 51, fresh: true },
    { module: 'apps/mobile/src/App.vue', kilobytes: 1, fresh: false },
  ])
})
