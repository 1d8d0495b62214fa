import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Blobs } from '../blobs/blobs.ts'
import { openDiskBlobs } from '../blobs/disk.ts'
import { openBlobs } from '../blobs/open.ts'
import { readConfig } from '../config.ts'
import { blobEnvironment } from '../test/blobs.ts'
import { copyBlobs } from './copy-blobs.ts'

let folder: string
let from: Blobs
let to: Blobs
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moments-copy-'))
  from = await openDiskBlobs(join(folder, 'old'))
  const app = { WECOM_CORP_ID: 'ww1', WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'secret' }
  to = await openBlobs(readConfig({ ...app, DATA_DIR: join(folder, 'new'), ...blobEnvironment() }))
})
afterEach(() => rm(folder, { recursive: true }))

test('everything is copied, cut off and repeated as well', async () => {
  const names = Array.from({ length: 30 }, (_, i) => `images/full/${i}`)
  for (const name of names) await from.put(name, Buffer.from(name))
  await to.put('images/full/7', Buffer.from('newer'))

  const get = from.get.bind(from)
  from.get = (key) => (key.endsWith('/19') ? Promise.reject(new Error('the power went off')) : get(key))
  await expect(copyBlobs(from, to)).rejects.toThrow('power')
  from.get = get

  const { copied, there } = await copyBlobs(from, to)
  expect(copied).toBeGreaterThan(0)
  expect(copied + there).toBe(names.length)
  for (const name of names) {
    const found = await to.get(name)
    expect(String(await buffer(found!.stream))).toBe(name.endsWith('/7') ? 'newer' : name)
  }
  expect(await copyBlobs(from, to)).toEqual({ copied: 0, there: names.length })
})
