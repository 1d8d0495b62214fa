import { mount } from '@vue/test-utils'
import type { ExportView } from '@qimeng/contract/messages'
import { ElButton, ElProgress } from 'element-plus'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { callKey } from '../api.ts'
import { answering } from '../test/within.ts'
import ExportProgress from './ExportProgress.vue'

const anExport = (change: Partial<ExportView> = {}): ExportView => ({
  id: 'e1',
  state: 'running',
  rowsDone: 0,
  rowsTotal: 0,
  fileName: '双十二-已执行.xlsx',
  bytes: null,
  error: null,
  expiresAt: null,
  ...change,
})

const show = (file: ExportView) =>
  mount(ExportProgress, {
    props: { file, retrying: false },
    global: {
      plugins: [createPinia()],
      components: { ElButton, ElProgress },
      provide: { [callKey as symbol]: answering({}) },
    },
  })

it('shows a bar that moves with the rows, and is not full before there is a file', async () => {
  const view = show(anExport({ rowsDone: 1000, rowsTotal: 3000 }))
  const bar = () => view.get('[role="progressbar"]').attributes('aria-valuenow')
  expect(bar()).toBe('30')
  expect(view.text()).toContain('已读取 1000/3000 行')
  await view.setProps({ file: anExport({ rowsDone: 3000, rowsTotal: 3000 }) })
  expect(bar()).toBe('90')
  expect(view.text()).toContain('共 3000 行，正在生成文件…')
})

it('offers the finished file, until its 7 days are over', async () => {
  const view = show(anExport({ state: 'done', rowsTotal: 10, bytes: 14_000, expiresAt: 8.64e15 }))
  expect(view.get('a').attributes()).toMatchObject({
    href: '/api/console/exports/e1/file',
    download: '双十二-已执行.xlsx',
  })
  expect(view.text()).toContain('14 KB')
  await view.setProps({ file: anExport({ state: 'done', expiresAt: 1 }) })
  expect(view.find('a').exists()).toBe(false)
  expect(view.text()).toContain('已过期')
})

it('says why an export failed, and lets it be tried again', async () => {
  const view = show(anExport({ state: 'failed', error: '任务已删除' }))
  expect(view.text()).toContain('导出失败：任务已删除')
  await view.get('button').trigger('click')
  expect(view.emitted('retry')).toHaveLength(1)
})
