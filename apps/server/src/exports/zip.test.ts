import { inflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import * as XLSX from 'xlsx'
import { ZipWriter } from './zip.ts'

/** As another program reads it. */
function contentOf(archive: Buffer, path: string) {
  const found = XLSX.CFB.find(XLSX.CFB.read(archive, { type: 'buffer' }), path)
  return Buffer.from(found!.content as Uint8Array).toString()
}

it('holds files that were added one after the other, compressed or not', () => {
  const zip = new ZipWriter()
  const text = '春节'.repeat(1000)
  const pieces = [
    zip.add('a.txt', Buffer.from(text), { deflate: true }),
    zip.add('b.txt', Buffer.from('b'), { deflate: false }),
  ]
  const archive = Buffer.concat([...pieces, zip.end()].flat())
  expect(archive.length).toBeLessThan(text.length)
  expect(contentOf(archive, '/a.txt')).toBe(text)
  expect(contentOf(archive, '/b.txt')).toBe('b')
})

it('says names in UTF-8, and how long each file is, where a reader looks first', () => {
  const zip = new ZipWriter()
  const [mark, facts, name, body] = zip.add('活动-1.xlsx', Buffer.from('abcabcabc'), { deflate: true })
  expect(mark!.toString('latin1')).toBe('PK\u0003\u0004')
  expect(facts!.readUInt16LE(2) & 0x0800).not.toBe(0)
  expect(facts!.readUInt32LE(14)).toBe(body!.length)
  expect(facts!.readUInt32LE(18)).toBe(9)
  expect(name!.toString()).toBe('活动-1.xlsx')
  expect(inflateRawSync(body!).toString()).toBe('abcabcabc')
})
