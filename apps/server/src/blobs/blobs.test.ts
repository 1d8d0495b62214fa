import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { BLOB_STORE, blobEnvironment } from '../test/blobs.ts'
import { BlobExists, type Blobs, type ByteRange } from './blobs.ts'
import { openBlobs, tryOut } from './open.ts'

/** As an operator would have it; the folder's name is the prefix in an S3 store. */
const open = (folder: string) =>
  openBlobs(
    readConfig({
      ...{ WECOM_CORP_ID: 'ww1', WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'secret', DATA_DIR: folder },
      ...blobEnvironment(basename(folder)),
    }),
  )

describe(`blobs on ${BLOB_STORE}`, () => {
  let folder: string
  let blobs: Blobs

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'moments-blobs-'))
    blobs = await open(folder)
  })

  afterEach(() => rm(folder, { recursive: true }))

  async function read(key: string, range?: ByteRange): Promise<Buffer | undefined> {
    const blob = await blobs.get(key, range)
    if (!blob) return undefined
    const bytes = await buffer(blob.stream)
    expect(blob.bytes).toBe(bytes.length)
    return bytes
  }

  async function keys(prefix?: string): Promise<string[]> {
    const found: string[] = []
    for await (const key of blobs.list(prefix)) found.push(key)
    return found.sort()
  }

  test('what was put comes back, from a buffer and from a stream, also after opening again', async () => {
    const big = randomBytes(3_000_000)
    expect(await blobs.put('images/a/full', Buffer.from('small'))).toEqual({ bytes: 5 })
    expect(await blobs.put('exports/b.xlsx', Readable.from([big.subarray(0, 7), big.subarray(7)]))).toEqual({
      bytes: big.length,
    })
    blobs = await open(folder)
    expect(String(await read('images/a/full'))).toBe('small')
    expect((await read('exports/b.xlsx'))!.equals(big)).toBe(true)
  })

  test('an empty blob is a blob', async () => {
    await blobs.put('empty', Buffer.alloc(0))
    expect(await read('empty')).toEqual(Buffer.alloc(0))
  })

  test('a range delivers its part and tells the whole size', async () => {
    await blobs.put('ten', Buffer.from('0123456789'))
    expect(String(await read('ten', { start: 2, end: 4 }))).toBe('234')
    expect(String(await read('ten', { start: 7 }))).toBe('789')
    expect(String(await read('ten', { start: 8, end: 99 }))).toBe('89')
    expect(String(await read('ten', { start: 10 }))).toBe('')
    const part = await blobs.get('ten', { start: 0, end: 0 })
    expect(part).toMatchObject({ bytes: 1, size: 10 })
    part!.stream.destroy()
  })

  test('putting again replaces', async () => {
    await blobs.put('a', Buffer.from('old and long'))
    await blobs.put('a', Buffer.from('new'))
    expect(String(await read('a'))).toBe('new')
    expect(await keys()).toEqual(['a'])
  })

  test('what is put once is never replaced, also when many come at once', async () => {
    await blobs.put('a', Buffer.from('first'), { once: true })
    await expect(blobs.put('a', Buffer.from('second'), { once: true })).rejects.toThrow(BlobExists)
    await expect(blobs.put('a', Readable.from([Buffer.from('third')]), { once: true })).rejects.toThrow(BlobExists)
    expect(String(await read('a'))).toBe('first')
    const race = Array.from({ length: 8 }, (_, i) => blobs.put('b', Buffer.from(String(i)), { once: true }))
    const results = await Promise.allSettled(race)
    const winners = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [String(i)] : []))
    expect([String(await read('b'))]).toEqual(winners)
    expect(await keys()).toEqual(['a', 'b'])
  })

  test('what is larger than one part of an upload comes back whole, from a buffer and from a stream', async () => {
    const large = randomBytes(20_000_000)
    expect(await blobs.put('a', large)).toEqual({ bytes: large.length })
    expect((await read('a'))!.equals(large)).toBe(true)
    expect(await blobs.put('b', Readable.from([large]))).toEqual({ bytes: large.length })
    const part = { start: 8_388_600, end: 8_388_700 }
    expect((await read('b', part))!.equals(large.subarray(part.start, part.end + 1))).toBe(true)
  })

  test('trying it out leaves nothing behind', async () => {
    await tryOut(blobs)
    expect(await keys()).toEqual([])
  })

  test('what is not there is undefined, and deleting it is no error', async () => {
    expect(await blobs.get('nothing/here')).toBeUndefined()
    await blobs.delete('nothing/here')
    await blobs.put('a', Buffer.from('x'))
    await blobs.delete('a')
    expect(await blobs.get('a')).toBeUndefined()
    expect(await keys()).toEqual([])
  })

  test('keys are listed by prefix', async () => {
    const all = ['images/1/full', 'images/1/thumb', 'images/10/full', 'images', 'exports/1.xlsx']
    for (const key of all) await blobs.put(key, Buffer.from(key))
    expect(await keys()).toEqual(all.toSorted())
    expect(await keys('images/1/')).toEqual(['images/1/full', 'images/1/thumb'])
    expect(await keys('nobody')).toEqual([])
  })

  test('an upload cut off half-way is not visible and leaves what was there', async () => {
    const cutOff = (bytes = 100_000) =>
      Readable.from(
        (function* () {
          yield Buffer.alloc(bytes)
          throw new Error('the phone went into a tunnel')
        })(),
      )
    await expect(blobs.put('new', cutOff())).rejects.toThrow('tunnel')
    await expect(blobs.put('new', cutOff(20_000_000))).rejects.toThrow('tunnel')
    await blobs.put('old', Buffer.from('whole'))
    await expect(blobs.put('old', cutOff())).rejects.toThrow('tunnel')
    expect(await keys()).toEqual(['old'])
    expect(String(await read('old'))).toBe('whole')
  })

  test('the same key put many times at once ends as one whole version', async () => {
    const versions = Array.from({ length: 10 }, (_, i) => Buffer.alloc(50_000, i))
    await Promise.all(versions.map((version) => blobs.put('a', version)))
    const stored = (await read('a'))!
    expect(versions.some((version) => version.equals(stored))).toBe(true)
  })

  const badKeys = [
    '',
    '/',
    '../x',
    'a/../../x',
    'a//b',
    'a/',
    '/etc/passwd',
    'A',
    '.tmp/x',
    'a\\b',
    'a\0b',
    'a'.repeat(201),
  ]
  test.each(badKeys)('a key that leads elsewhere is refused: %j', async (key) => {
    await expect(blobs.put(key, Buffer.from('x'))).rejects.toThrow('Not a blob key')
    await expect(blobs.get(key)).rejects.toThrow('Not a blob key')
    await expect(blobs.delete(key)).rejects.toThrow('Not a blob key')
  })
})
