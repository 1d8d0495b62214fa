import { MINUTE, SECOND } from '@qimeng/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { EmployeeCaller, World } from '../test/world.ts'
import { startListeningWorld } from './listening.fixture.ts'

let world: World
beforeEach(async () => void (world = await startListeningWorld()))
afterEach(() => world.stop())

const syncs = () =>
  world.parts.db
    .selectFrom('directorySyncs')
    .select(['reason', 'error'])
    .where('reason', 'like', '%told by WeCom')
    .orderBy('id')
    .execute()
const wait = async (ms: number) => {
  world.clock.advance(ms)
  await world.parts.jobs.idle()
}
const delivered = () =>
  expect.poll(async () => (await world.wecom.told()).every(({ outcome }) => outcome === 'delivered')).toBe(true)
const session = (employee: EmployeeCaller) => employee('GET /api/me/session')

it('who is dismissed is shut out as soon as WeCom tells of it', async () => {
  const employee = await world.employee('lisi')
  await world.wecom.dismiss('lisi')
  await delivered()
  expect(await session(employee)).toMatchObject({ userid: 'lisi' })
  await wait(10 * SECOND)
  await expect(session(employee)).rejects.toMatchObject({ code: 'unauthenticated' })
  // delete_user and unsubscribe
  expect(await syncs()).toEqual([{ reason: '2 changes told by WeCom', error: null }])
})

it('a burst of changes is one copy of the directory, once it is over', async () => {
  world.clock.set(Date.now())
  for (const [n, userid] of ['lisi', 'wangwu', 'zhaoliu'].entries()) {
    await world.wecom.change(userid, { name: `新名${n}` })
    await delivered()
    await wait(9 * SECOND)
  }
  expect(await syncs()).toEqual([])
  await wait(SECOND)
  expect(await syncs()).toEqual([{ reason: '3 changes told by WeCom', error: null }])
  const renamed = await world.parts.db.selectFrom('employees').select('name').where('name', 'like', '新名%').execute()
  expect(renamed).toHaveLength(3)
  await wait(MINUTE)
  expect(await syncs()).toHaveLength(1)
})

it('where it is never quiet a copy comes all the same, every two minutes', async () => {
  world.clock.set(Date.now())
  const tell = (n: number) =>
    world.wecom.tell({ event: 'change_contact', changeType: 'update_party', fields: { Id: n, Name: '部门' } })
  for (let n = 1; n <= 30; n++) {
    await tell(n)
    await wait(8 * SECOND)
  }
  expect(await syncs()).toHaveLength(2)
})

it('somebody who repeats what he has heard puts nothing off', async () => {
  world.clock.set(Date.now())
  const { id } = await world.wecom.tell({
    event: 'change_contact',
    changeType: 'update_party',
    fields: { Id: 5, Name: '部门' },
  })
  await wait(9 * SECOND)
  expect(await world.wecom.tellAgain(id)).toMatchObject({ outcome: 'delivered' })
  await wait(SECOND)
  expect(await syncs()).toEqual([{ reason: '1 changes told by WeCom', error: null }])
})

it('departments and tags count, too', async () => {
  await world.wecom.tell({ event: 'change_contact', changeType: 'create_party', fields: { Id: 77, Name: '新部门' } })
  await world.wecom.tell({ event: 'change_contact', changeType: 'update_tag', fields: { TagId: 1 } })
  await wait(10 * SECOND)
  expect(await syncs()).toEqual([{ reason: '2 changes told by WeCom', error: null }])
})
