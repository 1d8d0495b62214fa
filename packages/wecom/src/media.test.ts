import { describe, expect, it } from 'vitest'
import { downloadMedia, momentsLinkTitle, uploadImageUrl, uploadMedia, uploadMomentsMedia } from './media.ts'
import { clientFor, refusal, wireServer, type WireRequest } from './test/wire-server.ts'

const PICTURE = { bytes: new Uint8Array([0xff, 0xd8, 0xff, 0, 10, 13]), filename: 'a.jpg', contentType: 'image/jpeg' }

/** Reads a multipart request as the far end would, with the platform's own parser. */
async function fileIn({ body, headers }: WireRequest): Promise<File> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': headers['content-type']! },
  }).formData()
  expect([...form.keys()]).toEqual(['media'])
  return form.get('media') as File
}

describe('uploads', () => {
  const DAY = 24 * 60 * 60 * 1000

  it('carry the file as the field «media» and say until when WeCom keeps it, in both spellings of the time', async () => {
    const { url, to } = await wireServer(({ path }) => {
      const rest = { errcode: 0, errmsg: 'ok', type: 'image', media_id: 'M1' }
      if (path === '/cgi-bin/media/upload') return { ...rest, created_at: '1700000000' }
      if (path === '/cgi-bin/media/upload_attachment') return { ...rest, created_at: 1_700_000_000 }
    })
    const client = clientFor(url)
    const expected = { mediaId: 'M1', expiresAt: 1_700_000_000_000 + 3 * DAY }
    expect(await uploadMedia(client, 'image', PICTURE)).toEqual(expected)
    expect(await uploadMomentsMedia(client, 'image', PICTURE)).toEqual(expected)

    const [upload] = to('media/upload')
    expect(upload!.query.type).toBe('image')
    const file = await fileIn(upload!)
    expect([file.name, file.type]).toEqual(['a.jpg', 'image/jpeg'])
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(PICTURE.bytes)
    expect(to('media/upload_attachment')[0]!.query).toMatchObject({ media_type: 'image', attachment_type: '1' })
  })

  it('turn a picture into a lasting URL', async () => {
    const { url } = await wireServer(({ path }) =>
      path === '/cgi-bin/media/uploadimg' ? { errcode: 0, errmsg: '', url: 'https://wework.qpic.cn/a' } : undefined,
    )
    expect(await uploadImageUrl(clientFor(url), PICTURE)).toBe('https://wework.qpic.cn/a')
  })
})

describe('downloadMedia', () => {
  it('gives the bytes', async () => {
    const { url, to } = await wireServer(({ path }, response) => {
      if (path === '/cgi-bin/media/get') response.setHeader('content-type', 'image/jpeg').end(PICTURE.bytes)
    })
    const { bytes, contentType } = await downloadMedia(clientFor(url), 'M1')
    expect(new Uint8Array(bytes)).toEqual(PICTURE.bytes)
    expect(contentType).toBe('image/jpeg')
    expect(to('media/get')[0]!.query.media_id).toBe('M1')
  })

  it('understands the JSON of a refusal', async () => {
    const { url } = await wireServer(({ path }) =>
      path === '/cgi-bin/media/get' ? refusal(40007, 'invalid media_id') : undefined,
    )
    await expect(downloadMedia(clientFor(url), 'M1')).rejects.toMatchObject({ errcode: 40007 })
  })

  it('takes no error page for a picture', async () => {
    const { url } = await wireServer(({ path }, response) => {
      if (path === '/cgi-bin/media/get') response.writeHead(502, { 'content-type': 'image/png' }).end('…')
    })
    await expect(downloadMedia(clientFor(url), 'M1')).rejects.toThrow('HTTP 502')
  })
})

it('a title for WeCom’s Moments has 64 bytes at most, cut between characters', () => {
  expect(momentsLinkTitle('秋季新品')).toBe('秋季新品')
  expect(momentsLinkTitle('a'.repeat(64))).toHaveLength(64)
  expect(Buffer.byteLength(momentsLinkTitle('新'.repeat(22)))).toBe(63)
  expect(momentsLinkTitle('👨‍👩‍👧‍👦'.repeat(4))).toBe('👨‍👩‍👧‍👦👨‍👩‍👧‍👦…')
})
