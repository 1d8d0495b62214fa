import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anImage } from '../test/builders.ts'
import { startWorld, type AdminCaller, type EmployeeCaller, type World } from '../test/world.ts'

let world: World
let admin: AdminCaller
let lisi: EmployeeCaller
beforeAll(async () => {
  world = await startWorld({ admins: ['zhangsan', 'wangwu'] })
  admin = await world.admin('zhangsan')
  lisi = await world.employee('lisi')
})
afterAll(() => world.stop())

const upload = async (image: Blob, idempotencyKey = '') =>
  admin('POST /api/console/images', { image, ...(idempotencyKey ? { idempotencyKey } : {}) })
const screenshot = async () => lisi('POST /api/me/images', { image: await anImage({ colour: '#07c160' }) })
const attach = (imageId: string) =>
  world.parts.db.updateTable('images').set({ attachedAt: 1 }).where('id', '=', imageId).execute()

describe('an upload', () => {
  test('comes back as two pictures that need no cookie', async () => {
    const { id, width, height, full, thumb } = await upload(await anImage({ width: 800, height: 600 }))
    expect([id.length, width, height]).toEqual([26, 800, 600])
    const picture = await world.browser().get(full)
    expect(picture.status).toBe(200)
    expect(picture.data.subarray(1, 4).toString()).toBe('PNG')
    expect(picture.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(picture.data.length),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringMatching(/^private, max-age=\d+, immutable$/),
    })
    const small = await world.browser().get(thumb)
    expect(small.headers['content-type']).toBe('image/webp')
    expect(small.data.length).toBeLessThan(picture.data.length)
    const again = await world.browser().get(full, { 'If-None-Match': String(picture.headers.etag) })
    expect([again.status, again.data.length]).toEqual([304, 0])
  })

  test('whose form ends before its last boundary is refused as incomplete', async () => {
    const picture = Buffer.from(await (await anImage()).arrayBuffer())
    const head =
      '--cut\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    for (const body of [
      Buffer.from(head),
      Buffer.concat([Buffer.from(head), picture]),
      Buffer.from('--cut\r\nContent-'),
    ]) {
      const { status, data } = await admin.browser.http.post('/api/console/images', body, {
        headers: { 'X-Requested-With': 'qimeng-moments', 'Content-Type': 'multipart/form-data; boundary=cut' },
        validateStatus: () => true,
      })
      expect([status, data.code]).toEqual([400, 'malformed'])
    }
  })

  test('sent twice under one key, one after the other or both at once, makes one picture', async () => {
    const image = await anImage({ colour: '#ff0000' })
    const count = async () => (await world.parts.db.selectFrom('images').select('id').execute()).length
    const before = await count()
    const first = await upload(image, 'once')
    expect(await upload(image, 'once')).toEqual(first)
    const [a, b] = await Promise.all([upload(image, 'race'), upload(image, 'race')])
    expect(a).toEqual(b)
    expect(await count()).toBe(before + 2)
  })

  test.each([
    [
      'a page that calls itself a photo',
      new File(['<!doctype html><script>alert(1)</script>'], 'photo.jpg', { type: 'image/jpeg' }),
      415,
    ],
    [
      'a drawing with scripts',
      new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'x.svg', { type: 'image/svg+xml' }),
      415,
    ],
    ['half a picture', new File([Buffer.from('89504e470d0a1a0a0000', 'hex')], 'x.png'), 415],
    ['eleven megabytes', new File([Buffer.alloc(11 * 1024 * 1024, 0xff)], 'x.png'), 413],
  ])('of %s is refused', async (_what, file, status) => {
    await expect(upload(file)).rejects.toMatchObject({ status, message: expect.stringMatching(/图片/) })
  })

  test('without a picture, or not as a form, is refused', async () => {
    const empty = new FormData()
    empty.append('other', new Blob(['x']), 'x')
    const send = (data: unknown) =>
      admin.browser.http.post('/api/console/images', data, {
        headers: { 'X-Requested-With': 'qimeng-moments' },
        validateStatus: () => true,
      })
    expect(await send(empty)).toMatchObject({
      status: 422,
      data: { code: 'invalid', issues: [{ path: ['image'], message: '请选择一张图片' }] },
    })
    expect(await send({ image: 'x' })).toMatchObject({ status: 415 })
  })

  test('cut off half-way leaves no picture and alarms nobody', async () => {
    const images = () => world.parts.db.selectFrom('images').select('id').execute()
    const before = await images()
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${world.publicUrl}/api/console/images`, {
        method: 'POST',
        headers: {
          'Content-Type': 'multipart/form-data; boundary=x',
          'Content-Length': '100000',
          'X-Requested-With': 'qimeng-moments',
          Cookie: [...admin.browser.cookies].map((pair) => pair.join('=')).join('; '),
        },
      })
      request.on('error', () => resolve())
      const head = '--x\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
      request.write(head + 'x'.repeat(50_000), () => request.destroy(new Error('no network')))
    })
    await admin('GET /api/console/session')
    expect(await images()).toEqual(before)
  })

  test('from another site is refused', async () => {
    const response = await admin.browser.http.post('/api/console/images', new FormData(), {
      validateStatus: () => true,
    })
    expect(response).toMatchObject({ status: 403, data: { code: 'forbidden' } })
  })
})

describe('a link', () => {
  const statusOf = async (url: string) => (await world.browser().get(url)).status

  test('altered, cut, or pointing at another picture is refused', async () => {
    const { full, id } = await upload(await anImage())
    const other = await upload(await anImage())
    for (const url of [
      full.replace(id, other.id),
      full.replace('full', 'thumb'),
      full.replace('zhangsan', 'lisi'),
      full.replace('v=admin', 'v=me'),
      full.split('&s=')[0]!,
      full.replace(/e=\d+/, 'e=9999999999'),
      full.split('?')[0]!,
      `${full}&v=x`,
    ]) {
      expect([url, await statusOf(url)]).toEqual([url, 403])
    }
  })

  test('expires', async () => {
    const { full } = await screenshot()
    const { status, headers } = await world.browser().get(full)
    expect(status).toBe(200)
    // No cache shows it for longer.
    expect(Number(/max-age=(\d+)/.exec(String(headers['cache-control']))?.[1])).toBeLessThanOrEqual(600)
    const now = world.clock.now()
    world.clock.set(now + 10 * 60_000)
    expect(await statusOf(full)).toBe(403)
    world.clock.set(now)
  })

  test('of an administrator who was removed shows nothing any more', async () => {
    const wangwu = await world.admin('wangwu')
    const { full } = await wangwu('POST /api/console/images', { image: await anImage() })
    expect(await statusOf(full)).toBe(200)
    await admin('DELETE /api/console/admins/:userid', { params: { userid: 'wangwu' } })
    expect(await statusOf(full)).toBe(404)
  })

  test('of somebody who left shows nothing any more', async () => {
    await world.wecom.hire({ userid: 'guoke', name: '过客', departments: [3] })
    const guoke = await world.employee('guoke')
    const { full } = await guoke('POST /api/me/images', { image: await anImage() })
    await world.wecom.dismiss('guoke')
    await admin('POST /api/console/directory/sync')
    await world.parts.jobs.idle()
    expect(await statusOf(full)).toBe(404)
  })

  test('is renewed for drafts; a screenshot is nobody’s business before it is submitted', async () => {
    const draft = await upload(await anImage())
    const renew = (imageId: string) => admin('GET /api/console/images/:imageId', { params: { imageId } })
    expect(await renew(draft.id)).toMatchObject({ id: draft.id, width: 120 })
    const { id } = await screenshot()
    await expect(renew(id)).rejects.toMatchObject({ status: 404 })
    await attach(id)
    expect(await renew(id)).toMatchObject({ id })
    await expect(renew('nothing')).rejects.toMatchObject({ status: 404 })
  })
})

test('uploading without end is stopped for a while, per person, and looking is not', async () => {
  const zhaoyun = await world.employee('zhaoyun')
  const post = (image: Blob) => zhaoyun('POST /api/me/images', { image })
  const { full } = await post(await anImage())
  for (let sent = 1; sent < 120; sent += 1) {
    await expect(post(new Blob(['no picture']))).rejects.toMatchObject({ status: 415 })
  }
  const refused = await post(await anImage()).catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 429, retryAfter: expect.closeTo(600, -2) })
  expect((await zhaoyun.browser.get(full)).status).toBe(200)
  expect((await screenshot()).id).toHaveLength(26)
})
