import { DAY, type ExportView, type MessageView, MINUTE, SECOND } from '@qimeng/contract'

/** An export in each of its states, between the alerts of the demo. */
export function everyMessage<Page extends { rows: MessageView[] }>(real: Page): Page {
  const now = Date.now()
  const file = (change: Partial<ExportView>): MessageView => ({
    id: `export-${JSON.stringify(change)}`,
    kind: 'export',
    title: '导出「双十二新品上市」已执行名单',
    body: '推送「新品九宫格」，2026-11-22 09:00',
    createdAt: now - 5 * MINUTE,
    read: change.state === 'done',
    taskId: 'task',
    pushId: 'push',
    export: {
      id: 'export',
      state: 'done',
      rowsDone: 13,
      rowsTotal: 13,
      fileName: '双十二新品上市-新品九宫格-已执行-2026-11-23 0900.xlsx',
      bytes: 9_200,
      error: null,
      expiresAt: now + 7 * DAY,
      ...change,
    },
  })
  const configuration = { kind: 'configuration', title: '企业微信拒绝了应用的配置', export: null, read: false } as const
  const rows = [
    file({ state: 'queued' }),
    file({ state: 'running', rowsDone: 1200, rowsTotal: 3000 }),
    file({ state: 'running', rowsDone: 3000, rowsTotal: 3000 }),
    file({ state: 'failed', error: '系统出错了，请重试' }),
    file({ state: 'done' }),
    file({ state: 'done', expiresAt: now - SECOND }),
    {
      ...file({}),
      ...configuration,
      id: 'configuration',
      body: '应用的可见范围不含这些员工。处理好后会自动继续发送。',
    },
  ]
  return { ...real, rows: [...rows, ...real.rows] }
}
