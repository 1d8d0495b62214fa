import { HOUR, MINUTE, startOfMinute } from '@qimeng/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { aLink, anImage, aPush, aTask } from '../test/builders.ts'
import { type AdminCaller, startWorld, type World } from '../test/world.ts'
import { forMoments, MOMENTS_PIXELS } from './picture.ts'

const ATTACHMENT = '/cgi-bin/media/upload_attachment'
const IMAGE_URL = '/cgi-bin/media/uploadimg'
const DAY = 24 * HOUR

let world: World
let admin: AdminCaller
beforeEach(async () => {
  world = await startWorld()
  world.clock.set(startOfMinute(Date.now()))
  admin = await world.admin('zhangsan')
})
afterEach(() => world.stop())

const uploads = async (path: string) => (await world.wecom.calls(path)).length
const idle = () => world.parts.jobs.idle()

async function upload(purpose: 'content' | 'cover', colour: string) {
  const image = await anImage({ colour, width: 2400, height: 1800, type: 'jpeg' })
  return (await admin('POST /api/console/images', { image, query: { purpose } })).id
}

/** A task of one push with two pictures. @returns the push's id, in so many ms from now */
async function campaign({ scope = 'all' as 'all' | 'wechat' | 'wecom', inMs = 0 } = {}) {
  const images = [await upload('content', '#b8442f'), await upload('content', '#2f7f78')]
  return launch(scope, aPush({ scheduledAt: startOfMinute(world.clock.now()) + inMs, images }))
}

async function launch(sendScope: 'all' | 'wechat' | 'wecom', push: ReturnType<typeof aPush>) {
  const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ sendScope, pushes: [push] }) })
  await idle()
  return (await admin('GET /api/console/tasks/:taskId', { params: { taskId } })).pushes[0]!.id
}

/** What 李四's phone is given for WeCom's composer. */
async function onThePhone(pushId: string) {
  const lisi = await world.employee('lisi')
  const { images, link } = await lisi('GET /api/me/pushes/:pushId', { params: { pushId } })
  return { mediaIds: images.map(({ mediaId }) => mediaId), cover: link?.composerCover ?? null }
}

async function pass(ms: number) {
  world.clock.advance(ms)
  await idle()
}

describe('the pictures of a push for WeCom’s Moments', () => {
  it('are handed to WeCom an hour ahead, and the phone gets WeCom’s own names for them', async () => {
    const pushId = await campaign({ inMs: 3 * HOUR })
    expect(await uploads(ATTACHMENT)).toBe(0)
    await pass(2 * HOUR)
    expect(await uploads(ATTACHMENT)).toBe(2)
    await pass(HOUR)
    const { mediaIds } = await onThePhone(pushId)
    expect(new Set(mediaIds).size).toBe(2)
    expect(mediaIds).not.toContain(null)
  })

  it('stay here when the push is for WeChat alone', async () => {
    const pushId = await campaign({ scope: 'wechat' })
    expect(await uploads(ATTACHMENT)).toBe(0)
    expect(await onThePhone(pushId)).toEqual({ mediaIds: [null, null], cover: null })
  })

  it('without the permission 客户联系 are added by hand: WeCom is asked once, and nothing waits for it', async () => {
    await world.wecom.fault({ path: ATTACHMENT, kind: 'errcode', errcode: 48002, times: 100 })
    const pushId = await campaign()
    expect(await uploads(ATTACHMENT)).toBe(1)
    expect(await onThePhone(pushId)).toEqual({ mediaIds: [null, null], cover: null })
  })

  it('go there when WeCom is back after it was out of reach', async () => {
    await world.wecom.fault({ path: ATTACHMENT, kind: 'errcode', errcode: -1, times: 1 })
    const pushId = await campaign()
    await pass(2 * MINUTE)
    expect((await onThePhone(pushId)).mediaIds).not.toContain(null)
  })

  it('are renewed before WeCom forgets them, as long as somebody has to publish', async () => {
    const pushId = await campaign()
    const first = (await onThePhone(pushId)).mediaIds
    for (let hours = 0; hours < 60; hours += 4) await pass(4 * HOUR)
    expect(await uploads(ATTACHMENT)).toBe(4)
    admin = await world.admin('zhangsan')
    const second = (await onThePhone(pushId)).mediaIds
    expect(second).not.toContain(null)
    expect(second).not.toEqual(first)
  })

  it('are not renewed for a deleted task', async () => {
    const pushId = await campaign()
    const { taskId } = await world.parts.db
      .selectFrom('pushes')
      .select('taskId')
      .where('id', '=', pushId)
      .executeTakeFirstOrThrow()
    await admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })
    await pass(2.5 * DAY)
    expect(await uploads(ATTACHMENT)).toBe(2)
  })
})

it('a link’s cover gets a lasting address at WeCom', async () => {
  const link = aLink({ coverId: await upload('cover', '#3b5fa0') })
  const pushId = await launch('wecom', aPush({ scheduledAt: startOfMinute(world.clock.now()), link }))
  expect(await uploads(IMAGE_URL)).toBe(1)
  expect((await onThePhone(pushId)).cover).toMatch(/^https?:\/\//)
})

it.each([
  [4000, 3000],
  [1170, 2532],
  [9000, 200],
])('a picture of %i × %i keeps its proportions within what Moments take', async (width, height) => {
  const original = await sharp({ create: { width, height, channels: 3, background: '#888' } })
    .png()
    .toBuffer()
  const made = await sharp(await forMoments(original)).metadata()
  expect(made.format).toBe('jpeg')
  expect(made.width * made.height).toBeLessThanOrEqual(MOMENTS_PIXELS)
  expect(made.width / made.height).toBeCloseTo(width / height, 0)
})

it('a picture that is small enough keeps its pixels', async () => {
  const original = await sharp({ create: { width: 1080, height: 1080, channels: 3, background: '#888' } })
    .png()
    .toBuffer()
  expect(await sharp(await forMoments(original)).metadata()).toMatchObject({ width: 1080, height: 1080 })
})
