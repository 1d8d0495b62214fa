import { PiniaColada } from '@pinia/colada'
import type { AuditRow } from '@qimeng/contract/settings'
import { parseShanghai } from '@qimeng/contract/time'
import { flushPromises, mount } from '@vue/test-utils'
import { ElButton, ElIcon, ElOption, ElSelect, ElSkeleton } from 'element-plus'
import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { callKey } from '../api.ts'
import { answering } from '../test/within.ts'
import AuditFilters from './AuditFilters.vue'
import AuditLog from './AuditLog.vue'

const LINE: AuditRow = { id: '1', at: 0, actor: '林建国', action: 'task.create', about: '秋季新品' }

/** The log at this address; the server finds `rows`, and what it was asked is noted. */
async function opened(address: string, rows = [LINE]) {
  const asked: object[] = []
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: AuditLog }],
  })
  await router.push(address)
  const view = mount(AuditLog, {
    global: {
      plugins: [createPinia(), PiniaColada, router],
      components: { ElButton, ElIcon, ElOption, ElSelect, ElSkeleton },
      provide: {
        [callKey as symbol]: answering({
          'GET /api/console/audit': ({ query }) => {
            asked.push(JSON.parse(JSON.stringify(query)) as object)
            return { rows, total: rows.length, next: 'older', previous: null }
          },
          'GET /api/console/audit/choices': () => ({
            actors: ['linjianguo', 'linjianguo2'].map((userid) => ({ userid, name: '林建国' })),
            actions: ['task.create'],
          }),
        }),
      },
    },
  })
  await flushPromises()
  const press = async (name: string) => {
    await view
      .findAll('button')
      .find((button) => button.text() === name)!
      .trigger('click')
    await flushPromises()
  }
  return { asked, view, router, press }
}

it('asks for what the address says, in whole days', async () => {
  const { asked } = await opened('/?actor=linjianguo&action=task.create&from=2026-11-01&to=2026-11-02')
  expect(asked).toEqual([
    {
      actor: 'linjianguo',
      action: 'task.create',
      from: parseShanghai('2026-11-01 00:00'),
      to: parseShanghai('2026-11-03 00:00')! - 1,
      limit: 15,
    },
  ])
})

it('keeps the filters from page to page, and begins anew when one changes', async () => {
  const { view, router, press } = await opened('/?action=task.create')
  await press('下一页')
  expect(router.currentRoute.value.query).toEqual({ action: 'task.create', cursor: 'older' })
  view.getComponent(AuditFilters).vm.$emit('change', { actor: 'linjianguo' })
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ action: 'task.create', actor: 'linjianguo' })
})

it('offers to clear the filters where they leave nothing', async () => {
  const { view, router, asked, press } = await opened('/?actor=linjianguo', [])
  expect(view.text()).toContain('没有符合条件的记录')
  await press('清除筛选')
  expect(router.currentRoute.value.query).toEqual({})
  expect(asked.at(-1)).toEqual({ limit: 15 })
  expect(view.text()).toContain('还没有操作记录')
})

it('tells people of the same name apart', async () => {
  const { view } = await opened('/')
  expect(view.findAllComponents(ElOption).map((option) => option.props('label'))).toEqual([
    '林建国（linjianguo）',
    '林建国（linjianguo2）',
    '创建任务',
  ])
})
