import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aSimulator, type TestSimulator } from '../test/harness.ts'

let wecom: TestSimulator
let now = Date.now()
beforeAll(async () => {
  wecom = await aSimulator({ clock: { now: () => now } })
})
afterAll(() => wecom.close())

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#2a6ae9' } })
    .png()
    .toBuffer()

function form(bytes: Uint8Array, name = '封面.png', field = 'media'): FormData {
  const data = new FormData()
  data.append(field, new Blob([Buffer.from(bytes)], { type: 'image/png' }), name)
  return data
}

test('an uploaded picture can be fetched for three days', async () => {
  const bytes = await picture(20, 20)
  const uploaded = await wecom.call('media/upload', { type: 'image' }, form(bytes))
  expect(uploaded).toMatchObject({ errcode: 0, type: 'image', created_at: expect.stringMatching(/^\d{10}$/) })
  const query = { access_token: await wecom.token(), media_id: String(uploaded.media_id) }
  const got = await wecom.raw('media/get', query)
  expect(got.headers.get('content-type')).toBe('image/png')
  expect(got.headers.get('content-disposition')).toContain(encodeURIComponent('封面.png'))
  expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes)
  now += 3 * 24 * 3_600_000 + 1
  expect(await wecom.call('media/get', { media_id: query.media_id })).toMatchObject({ errcode: 40007 })
})

test('a Moments attachment has a number for created_at and a limit of pixels', async () => {
  const query = { media_type: 'image', attachment_type: '1' }
  const fitting = await wecom.call('media/upload_attachment', query, form(await picture(1440, 1080)))
  expect(fitting).toMatchObject({ errcode: 0, created_at: expect.any(Number) })
  const large = await wecom.call('media/upload_attachment', query, form(await picture(1441, 1080)))
  expect(large).toMatchObject({ errcode: 41081 })
})

test('uploadimg gives a permanent address', async () => {
  const bytes = await picture(9, 9)
  const { url } = await wecom.call('media/uploadimg', {}, form(bytes))
  expect(Buffer.from(await (await fetch(String(url))).arrayBuffer())).toEqual(bytes)
})

test('refusals', async () => {
  const small = await picture(2, 2)
  expect(await wecom.call('media/upload', { type: 'poem' }, form(small))).toMatchObject({ errcode: 40005 })
  expect(await wecom.call('media/upload', { type: 'image' }, {})).toMatchObject({ errcode: 41005 })
  expect(await wecom.call('media/upload', { type: 'image' }, form(small, 'a.png', 'file'))).toMatchObject({
    errcode: 41005,
  })
  expect(await wecom.call('media/upload', { type: 'image' }, form(Buffer.alloc(0)))).toMatchObject({ errcode: 44001 })
  expect(await wecom.call('media/upload', { type: 'image' }, form(Buffer.from('1234')))).toMatchObject({
    errcode: 40009,
  })
  expect(await wecom.call('media/upload', { type: 'image' }, form(Buffer.from('GIF89a-no-picture')))).toMatchObject({
    errcode: 40004,
  })
  expect(await wecom.call('media/upload', { type: 'image' }, form(Buffer.alloc(10 * 1024 * 1024 + 1)))).toMatchObject({
    errcode: 40009,
  })
  expect(await wecom.call('media/get')).toMatchObject({ errcode: 41006 })
})
