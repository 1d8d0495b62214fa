import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../db/id.ts'
import { anImage } from '../test/builders.ts'
import { startWorld, type World } from '../test/world.ts'
import { attachImages, viewImages } from './images.ts'

let world: World
beforeAll(async () => void (world = await startWorld({ admins: ['zhangsan', 'wangwu'] })))
afterAll(() => world.stop())

const uploadContent = async (userid: string) =>
  (await (await world.admin(userid))('POST /api/console/images', { image: await anImage() })).id
const uploadProof = async (userid: string) =>
  (await (await world.employee(userid))('POST /api/me/images', { image: await anImage() })).id

describe('using pictures', () => {
  const attach = (ids: string[], owner: { audience: 'admin' | 'me'; userid: string }, purpose: 'content' | 'proof') =>
    world.parts.db
      .transaction()
      .execute((trx) => attachImages(trx, ids, { owner, purpose, path: ['pushes', 0, 'images'], now: 1 }))
  const gone = (index: number) => ({
    code: 'invalid',
    issues: [{ path: ['pushes', 0, 'images', index], message: '图片已失效，请重新上传' }],
  })
  const zhangsan = { audience: 'admin', userid: 'zhangsan' } as const
  const wangwu = { audience: 'admin', userid: 'wangwu' } as const

  test('takes one’s own, and another administrator’s once a task has it', async () => {
    const id = await uploadContent('zhangsan')
    await expect(attach([id], wangwu, 'content')).rejects.toMatchObject(gone(0))
    await attach([id], zhangsan, 'content')
    await attach([id], wangwu, 'content')
  })

  test('refuses what oneself sent from the phone, whatever it is said to be for', async () => {
    const id = await uploadProof('zhangsan')
    await world.parts.db.updateTable('images').set({ purpose: 'content' }).where('id', '=', id).execute()
    await expect(attach([id], zhangsan, 'content')).rejects.toMatchObject(gone(0))
  })

  test('is over for a while for somebody with a gigabyte that nothing uses', async () => {
    const id = await uploadContent('wangwu')
    const { db } = world.parts
    await db
      .updateTable('images')
      .set({ bytes: 1024 ** 3 })
      .where('id', '=', id)
      .execute()
    await expect(uploadContent('wangwu')).rejects.toMatchObject({ status: 429, retryAfter: 3600 })
    await uploadContent('zhangsan')
    await db.updateTable('images').set({ bytes: 1 }).where('id', '=', id).execute()
  })

  test('refuses what is gone, foreign or meant for something else, and names which', async () => {
    const mine = await uploadContent('zhangsan')
    const proof = await uploadProof('lisi')
    await expect(attach([mine, 'swept'], zhangsan, 'content')).rejects.toMatchObject(gone(1))
    await expect(attach([proof], zhangsan, 'content')).rejects.toMatchObject(gone(0))
    await expect(attach([mine], zhangsan, 'proof')).rejects.toMatchObject(gone(0))
    await expect(attach([proof], { audience: 'me', userid: 'zhaoliu' }, 'proof')).rejects.toMatchObject(gone(0))
    await attach([proof], { audience: 'me', userid: 'lisi' }, 'proof')
  })
})

describe('who may look at the pictures of a push', () => {
  const issue = async (content: { imageId?: string; coverId?: string }) => {
    const { db } = world.parts
    const [taskId, pushId, now] = [newId(), newId(), world.clock.now()]
    const task = {
      name: 'x',
      searchName: 'x',
      sendScope: 'wechat',
      hint: '',
      state: 'finished',
      createdBy: 'zhangsan',
      createdAt: now,
    } as const
    await db
      .insertInto('tasks')
      .values({ ...task, id: taskId, updatedAt: now, deletedAt: null })
      .execute()
    await db
      .insertInto('pushes')
      .values({
        ...{ id: pushId, taskId, position: 0, name: 'x', scheduledAt: now, state: 'issued', issuedAt: now, late: 0 },
        ...{ text: 'x', linkUrl: null, linkTitle: null, linkDescription: null, linkCoverId: content.coverId ?? null },
        reminderRounds: 0,
      })
      .execute()
    if (content.imageId)
      await db.insertInto('pushImages').values({ pushId, position: 0, imageId: content.imageId }).execute()
    const execution = { executedAt: null, cardState: 'delivered', cardReason: null, reminders: 0 } as const
    await db
      .insertInto('executions')
      .values({ ...execution, pushId, userid: 'lisi', taskId, lastRemindedAt: null, createdAt: now })
      .execute()
    return taskId
  }
  const look = async (imageId: string, userid: string) => {
    const views = await viewImages(world.parts, [imageId], { audience: 'me', userid })
    return (await world.browser().get(views.get(imageId)!.full)).status
  }

  test('its executors, as long as the task is there', async () => {
    const [imageId, coverId] = [await uploadContent('zhangsan'), await uploadContent('zhangsan')]
    const tasks = [await issue({ imageId }), await issue({ coverId })]
    for (const id of [imageId, coverId]) {
      expect(await look(id, 'lisi')).toBe(200)
      expect(await look(id, 'zhaoliu')).toBe(404)
    }
    await world.parts.db.updateTable('tasks').set({ deletedAt: 1 }).where('id', 'in', tasks).execute()
    for (const id of [imageId, coverId]) expect(await look(id, 'lisi')).toBe(404)
  })

  test('never another employee’s screenshots', async () => {
    const id = await uploadProof('lisi')
    expect(await look(id, 'lisi')).toBe(200)
    expect(await look(id, 'zhaoliu')).toBe(404)
  })
})
