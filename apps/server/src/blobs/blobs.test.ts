import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Blobs, ByteRange } from './blobs.ts'
import { openDiskBlobs } from './disk.ts'

const engines = [{ name: 'disk', open: (folder: string) => openDiskBlobs(join(folder, 'blobs')) }]

for (const engine of engines)
  describe(`blobs on ${engine.name}`, () => {
    let folder: string
    let blobs: Blobs

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'moments-blobs-'))
      blobs = await engine.open(folder)
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
      blobs = await engine.open(folder)
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
      const cutOff = () =>
        Readable.from(
          (function* () {
            yield Buffer.alloc(100_000)
            throw new Error('the phone went into a tunnel')
          })(),
        )
      await expect(blobs.put('new', cutOff())).rejects.toThrow('tunnel')
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
