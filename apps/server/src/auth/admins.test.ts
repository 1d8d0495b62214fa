import { afterEach, beforeEach, expect, test } from 'vitest'
import { startWorld, type World } from '../test/world.ts'

let world: World
beforeEach(async () => void (world = await startWorld({ admins: ['ZhangSan'] })))
afterEach(() => world.stop())

test('ADMIN_USERIDS fills an empty list, in whatever case, and never a list that is there', async () => {
  const zhangsan = await world.admin('zhangsan')
  await zhangsan('POST /api/console/admins', { body: { userid: 'LISI' } })
  await world.restart({ env: { ADMIN_USERIDS: 'wangwu' } })
  const { admins } = await zhangsan('GET /api/console/admins')
  expect(admins.map(({ userid, name, addedBy }) => ({ userid, name, addedBy }))).toEqual([
    { userid: 'zhangsan', name: '张三', addedBy: '系统' },
    { userid: 'lisi', name: '李四', addedBy: '张三' },
  ])
})

test('somebody nobody knows cannot become an administrator', async () => {
  const zhangsan = await world.admin('zhangsan')
  await expect(zhangsan('POST /api/console/admins', { body: { userid: 'nobody' } })).rejects.toMatchObject({
    status: 422,
    issues: [{ path: ['userid'], message: '通讯录中没有这位员工' }],
  })
})

test('a removed administrator is out on the next call, and it is on record', async () => {
  const zhangsan = await world.admin('zhangsan')
  await zhangsan('POST /api/console/admins', { body: { userid: 'lisi' } })
  const lisi = await world.admin('lisi')
  await zhangsan('DELETE /api/console/admins/:userid', { params: { userid: 'lisi' } })
  await expect(lisi('GET /api/console/session')).rejects.toMatchObject({ status: 401 })
  await expect(world.admin('lisi')).rejects.toThrow('not_admin')
  const deeds = await world.parts.db
    .selectFrom('auditLog')
    .select(['actor', 'action', 'subject'])
    .orderBy('id')
    .execute()
  expect(deeds).toContainEqual({ actor: 'zhangsan', action: 'admin.remove', subject: 'lisi' })
})

test('the last administrator who can still log in stays', async () => {
  const zhangsan = await world.admin('zhangsan')
  const lastOne = { status: 409, message: '至少要保留一位管理员' }
  const remove = (userid: string) => zhangsan('DELETE /api/console/admins/:userid', { params: { userid } })
  await expect(remove('zhangsan')).rejects.toMatchObject(lastOne)
  await zhangsan('POST /api/console/admins', { body: { userid: 'lisi' } })
  await world.wecom.dismiss('lisi')
  await zhangsan('POST /api/console/directory/sync')
  await world.parts.jobs.idle()
  await expect(remove('zhangsan')).rejects.toMatchObject(lastOne)
  await zhangsan('GET /api/console/session')
  await remove('lisi')
  await expect(remove('lisi')).rejects.toMatchObject({ status: 404 })
})

test('two who remove each other at the same moment do not lock everybody out', async () => {
  const zhangsan = await world.admin('zhangsan')
  await zhangsan('POST /api/console/admins', { body: { userid: 'wangwu' } })
  const wangwu = await world.admin('wangwu')
  const path = 'DELETE /api/console/admins/:userid'
  const outcomes = await Promise.allSettled([
    zhangsan(path, { params: { userid: 'wangwu' } }),
    wangwu(path, { params: { userid: 'zhangsan' } }),
  ])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const left = await world.parts.db.selectFrom('admins').select('userid').execute()
  expect(left).toHaveLength(1)
})
