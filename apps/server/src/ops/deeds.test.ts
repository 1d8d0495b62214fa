import { glob, readFile } from 'node:fs/promises'
import {
  type AuditAction,
  auditLabel,
  DAY,
  MINUTE,
  type QueryOf,
  type settingsApi,
  startOfMinute,
} from '@qimeng/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../audit/audit.ts'
import { anImage, aPush, aTask } from '../test/builders.ts'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'

let world: World
let admin: AdminCaller
beforeAll(async () => {
  world = await startWorld()
  world.clock.hold()
  admin = await world.admin('zhangsan')
})
afterAll(() => world.stop())

const deeds = async (query: Partial<QueryOf<typeof settingsApi.auditLog>> = {}) => {
  const page = await admin('GET /api/console/audit', { query })
  return { ...page, lines: page.rows.map(({ actor, action, about }) => `${actor} ${auditLabel(action)} ${about}`) }
}

test('what administrators do stands there with names, the newest first', async () => {
  const pushes = [aPush({ scheduledAt: startOfMinute(world.clock.now()) })]
  const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ pushes }) })
  await world.parts.jobs.idle()
  const {
    pushes: [push],
  } = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
  const params = { pushId: push!.id }
  const lisi = await world.employee('lisi')
  const { id: imageId } = await lisi('POST /api/me/images', { image: await anImage() })
  await lisi('POST /api/me/pushes/:pushId/proofs', { params, body: { images: [imageId] } })
  await admin('GET /api/console/pushes/:pushId/proofs/:userid', { params: { ...params, userid: 'lisi' } })
  const { exportId } = await admin('POST /api/console/pushes/:pushId/exports', { params, body: { state: 'done' } })
  await world.parts.jobs.idle()
  await admin.browser.get(`/api/console/exports/${exportId}/file`)
  await admin('POST /api/console/admins', { body: { userid: 'lisi' } })
  await admin('DELETE /api/console/admins/:userid', { params: { userid: 'lisi' } })
  await admin('POST /api/console/directory/sync')
  await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
  const { lines, total } = await deeds()
  expect(lines).toEqual([
    '张三 删除任务 秋季新品上市',
    '张三 同步通讯录 通讯录',
    '张三 移除管理员 李四',
    '张三 添加管理员 李四',
    expect.stringMatching(/^张三 下载导出文件 秋季新品上市-第一条-已执行-.*\.xlsx$/),
    '张三 导出名单 秋季新品上市 › 第一条',
    '张三 查看凭证 秋季新品上市 › 第一条 › 李四',
    '张三 创建任务 秋季新品上市',
    '张三 登录管理后台 张三',
  ])
  expect(total).toBe(9)
})

test('it is read page by page', async () => {
  const first = await deeds({ limit: 4 })
  const second = await deeds({ limit: 4, cursor: first.next! })
  expect([...first.lines, ...second.lines]).toEqual((await deeds({ limit: 8 })).lines)
  expect((await deeds({ limit: 4, cursor: second.previous! })).lines).toEqual(first.lines)
})

test('the database itself refuses to change or remove a line, whoever asks', async () => {
  const { db } = world.parts
  const before = await deeds()
  const refusal = 'the audit log is append-only'
  await expect(db.updateTable('auditLog').set({ actor: 'lisi' }).execute()).rejects.toThrow(refusal)
  await expect(db.deleteFrom('auditLog').where('actor', '=', 'zhangsan').execute()).rejects.toThrow(refusal)
  expect(await deeds()).toEqual(before)
})

test('nothing in the server changes or removes a line', async () => {
  const touching: string[] = []
  for await (const file of glob('**/*.ts', { cwd: new URL('..', import.meta.url) })) {
    if (file.endsWith('.test.ts')) continue
    const source = await readFile(new URL(`../${file}`, import.meta.url), 'utf8')
    if (/(?:updateTable|deleteFrom|replaceInto|mergeInto|dropTable|alterTable)\(\s*\[?'auditLog/.test(source))
      touching.push(file)
    if (/(?:update|delete\s+from|replace\s+into|truncate)\s+"?auditLog/i.test(source)) touching.push(file)
  }
  expect(touching).toEqual([])
})

describe('the filters', () => {
  const NOON = Date.UTC(2026, 9, 1, 4)
  const wrote = (actor: string, action: AuditAction, minute: number, detail = {}) => {
    const clock = { now: () => NOON + minute * MINUTE }
    return audit(world.parts.db, { clock }, { actor, action, subject: 'directory', detail })
  }
  /** Far before everything that administrators have done in this file. */
  const old = { to: NOON + DAY }

  beforeAll(async () => {
    await world.parts.db
      .insertInto('formerUserids')
      .values({ former: 'wangwu00', userid: 'wangwu', renamedAt: NOON })
      .execute()
    await wrote('wangwu00', 'directory.sync', 0)
    await wrote('lisi', 'directory.sync', 1)
    await wrote('wangwu', 'task.create', 2)
    await wrote('system', 'retention.proofs', 3, { erased: 2 })
    await wrote('wangwu', 'directory.sync', 4)
    await wrote('lisi', 'task.create', 5)
  })

  const lines = async (query: Parameters<typeof deeds>[0]) => (await deeds(query)).lines

  test('by who: also what he did under an earlier userid', async () => {
    const his = ['王五 同步通讯录 通讯录', '王五 创建任务 通讯录', '王五 同步通讯录 通讯录']
    expect(await lines({ actor: 'wangwu', ...old })).toEqual(his)
    expect(await lines({ actor: 'wangwu00', ...old })).toEqual(his)
  })

  test('by what, by when, and by all of it together', async () => {
    const synced = { action: 'directory.sync', ...old } as const
    expect(await lines(synced)).toEqual(['王五', '李四', '王五'].map((who) => `${who} 同步通讯录 通讯录`))
    expect(await lines({ from: NOON + MINUTE, to: NOON + 2 * MINUTE })).toEqual([
      '王五 创建任务 通讯录',
      '李四 同步通讯录 通讯录',
    ])
    expect(await deeds({ actor: 'wangwu', ...synced, from: NOON + 1 })).toMatchObject({
      total: 1,
      lines: ['王五 同步通讯录 通讯录'],
    })
    expect(await deeds({ actor: 'sunqi' })).toMatchObject({ total: 0, rows: [] })
  })

  test('hold from page to page, and the sum is of what they leave', async () => {
    const query = { action: 'directory.sync', limit: 2, ...old } as const
    const first = await deeds(query)
    expect(first).toMatchObject({ total: 3, lines: ['王五 同步通讯录 通讯录', '李四 同步通讯录 通讯录'] })
    const second = await deeds({ ...query, cursor: first.next! })
    expect(second).toMatchObject({ total: 3, next: null, lines: ['王五 同步通讯录 通讯录'] })
    expect((await deeds({ ...query, cursor: second.previous! })).lines).toEqual(first.lines)
  })

  test('offer who and what there is in the log, and everybody once', async () => {
    const { actors, actions } = await admin('GET /api/console/audit/choices')
    expect(actors).toEqual([
      { userid: 'lisi', name: '李四' },
      { userid: 'wangwu', name: '王五' },
      { userid: 'system', name: '系统' },
      { userid: 'zhangsan', name: '张三' },
    ])
    expect(actions).toContain('retention.proofs')
    expect(actions).not.toContain('push.cancel')
  })
})

test('a deed of a later release, from which this installation has come back, keeps nobody from reading the rest', async () => {
  const action = 'task.copy' as AuditAction
  await audit(world.parts.db, world.parts, { actor: 'zhangsan', action, subject: 'x' })
  expect((await deeds()).lines[0]).toBe('张三 task.copy x')
})
