import type { ImageView } from '@qimeng/contract'
import { ApiError } from '@qimeng/contract/client'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { anImage } from '../test/builders.ts'
import type { DraftPhoto } from './draft.ts'
import { createProofQueue } from './queue.ts'
import { UndecodableError } from './shrink.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

interface Upload {
  blob: Blob
  key: string
  signal: AbortSignal
  progress: (fraction: number) => void
  done: (image?: ImageView) => void
  fail: (error: unknown) => void
}

let uploads: Upload[]
let kept: DraftPhoto[]
let said: string[]
let full: boolean

beforeEach(() => {
  uploads = []
  kept = []
  said = []
  full = false
})

const aFile = (name: string) => new File([name], `${name}.png`, { type: 'image/png' })
const network = () => new ApiError({ code: 'network', message: '网络不可用，请检查网络后重试' }, 0)

function aQueue() {
  let keys = 0
  return createProofQueue({
    shrink: (file) =>
      (file as File).name === 'heic.png' ? Promise.reject(new UndecodableError()) : Promise.resolve(file),
    digestOf: (file) => file.text(),
    newKey: () => `${++keys}`.padStart(7, 'k'),
    upload: (blob, { onProgress, signal, idempotencyKey }) =>
      new Promise((resolve, reject) => {
        const done = (image: ImageView = anImage(`i${uploads.length}`)) => resolve(image)
        uploads.push({ blob, key: idempotencyKey, signal, progress: onProgress, done, fail: reject })
      }),
    draft: {
      load: () => Promise.resolve(kept),
      save: (photos) => {
        kept = photos
        return Promise.resolve(!full)
      },
    },
    say: (message) => said.push(message),
  })
}

const started = (count: number) => vi.waitFor(() => expect(uploads).toHaveLength(count), PATIENT)
const states = (queue: ReturnType<typeof aQueue>) => queue.photos.map(({ state }) => state)

describe('uploading', () => {
  it('shows progress, two at a time, and is ready when all are done', async () => {
    const queue = aQueue()
    await queue.add([aFile('a'), aFile('b'), aFile('c')])
    await vi.waitFor(() => expect(states(queue)).toEqual(['uploading', 'uploading', 'waiting']), PATIENT)
    uploads[0]!.progress(0.4)
    expect(queue.photos[0]!.progress).toBe(0.4)
    expect(queue.ready.value).toBe(false)
    uploads[0]!.done(anImage('i-a'))
    await started(3)
    uploads[1]!.done(anImage('i-b'))
    uploads[2]!.done(anImage('i-c'))
    await vi.waitFor(() => expect(queue.ready.value).toBe(true), PATIENT)
    expect(queue.submission().images).toEqual(['i-a', 'i-b', 'i-c'])
  })

  it('goes on by itself with what the network interrupted, and leaves what the server refused', async () => {
    const queue = aQueue()
    await queue.add([aFile('a'), aFile('b')])
    await started(2)
    uploads[0]!.fail(network())
    uploads[1]!.fail(new ApiError({ code: 'internal', message: '服务器出错了' }, 500))
    await vi.waitFor(() => expect(states(queue)).toEqual(['failed', 'failed']), PATIENT)
    queue.resume()
    await started(3)
    expect(uploads[2]!.key).toBe(uploads[0]!.key)
    expect(states(queue)).toEqual(['uploading', 'failed'])
  })

  it('goes on, once, with what it hears of as cut off only after it is back', async () => {
    const queue = aQueue()
    await queue.add([aFile('a')])
    await started(1)
    queue.resume()
    expect(uploads).toHaveLength(1)
    uploads[0]!.fail(network())
    await started(2)
    expect(uploads[1]!.key).toBe(uploads[0]!.key)
    uploads[1]!.fail(network())
    await vi.waitFor(() => expect(states(queue)).toEqual(['failed']), PATIENT)
  })

  it('says once that a full phone will not keep the pictures, and uploads all the same', async () => {
    full = true
    const queue = aQueue()
    await queue.add([aFile('a'), aFile('b')])
    await started(2)
    uploads[0]!.done(anImage('i-a'))
    uploads[1]!.done(anImage('i-b'))
    await vi.waitFor(() => expect(queue.ready.value).toBe(true), PATIENT)
    await vi.waitFor(() => expect(said).toEqual(['手机存储空间不足，关闭页面后需要重新选择截图']), PATIENT)
  })

  it('retries one that failed with the same key, so that a lost answer makes one picture', async () => {
    const queue = aQueue()
    await queue.add([aFile('a')])
    await started(1)
    uploads[0]!.fail(network())
    await vi.waitFor(() => expect(queue.photos[0]).toMatchObject({ state: 'failed', retryable: true }), PATIENT)
    expect(queue.photos[0]!.problem).toContain('网络不可用')
    queue.retry(queue.photos[0]!.id)
    await started(2)
    expect(uploads[1]!.key).toBe(uploads[0]!.key)
    uploads[1]!.done()
    await vi.waitFor(() => expect(queue.ready.value).toBe(true), PATIENT)
  })

  it('offers no retry for what will never do', async () => {
    const queue = aQueue()
    await queue.add([aFile('heic'), aFile('strange')])
    await started(1)
    uploads[0]!.fail(new ApiError({ code: 'unsupported_media', message: '不支持的图片格式' }, 415))
    await vi.waitFor(() => expect(states(queue)).toEqual(['failed', 'failed']), PATIENT)
    expect(queue.photos.map(({ retryable }) => retryable)).toEqual([false, false])
    expect(queue.photos[0]!.problem).toContain('HEIC')
  })

  it('stops the upload of a removed picture and goes on with the next', async () => {
    const queue = aQueue()
    await queue.add([aFile('a'), aFile('b'), aFile('c')])
    await started(2)
    queue.remove(queue.photos[0]!.id)
    expect(uploads[0]!.signal.aborted).toBe(true)
    uploads[0]!.fail(new ApiError({ code: 'aborted', message: '已取消' }, 0))
    await started(3)
    expect(queue.photos).toHaveLength(2)
  })
})

describe('choosing', () => {
  it('takes the same picture once, with a hint', async () => {
    const queue = aQueue()
    await queue.add([aFile('a'), aFile('a')])
    await queue.add([aFile('a')])
    expect(queue.photos).toHaveLength(1)
    expect(said).toEqual(['已经选过这张图片了，没有重复添加', '已经选过这张图片了，没有重复添加'])
  })

  it('takes nine', async () => {
    const queue = aQueue()
    await queue.add([...'abcdefghijk'].map(aFile))
    expect(queue.photos).toHaveLength(9)
    expect(queue.room.value).toBe(0)
    expect(said).toEqual(['最多上传 9 张，多出的 2 张没有添加'])
  })

  it('takes a picture again after it was removed', async () => {
    const queue = aQueue()
    await queue.add([aFile('a')])
    queue.remove(queue.photos[0]!.id)
    await queue.add([aFile('a')])
    expect(queue.photos).toHaveLength(1)
    expect(said).toEqual([])
  })
})

describe('submitting', () => {
  it('uses one key for the same pictures, another when they change', async () => {
    const queue = aQueue()
    await queue.add([aFile('a'), aFile('b')])
    const { idempotencyKey } = queue.submission()
    expect(queue.submission().idempotencyKey).toBe(idempotencyKey)
    queue.remove(queue.photos[1]!.id)
    expect(queue.submission().idempotencyKey).not.toBe(idempotencyKey)
  })
})

describe('a reload', () => {
  it('brings back what was chosen, uploads only what was not, and submits under the same key', async () => {
    const before = aQueue()
    await before.add([aFile('a'), aFile('b')])
    await started(2)
    uploads[0]!.done(anImage('i-a'))
    await vi.waitFor(() => expect(kept[0]?.image?.id).toBe('i-a'), PATIENT)
    const { idempotencyKey } = before.submission()
    before.close()

    uploads = []
    const after = aQueue()
    await after.restore()
    expect(states(after)).toEqual(['done', 'uploading'])
    expect(uploads).toHaveLength(1)
    expect(after.submission().idempotencyKey).toBe(idempotencyKey)
    await after.forget()
    expect(kept).toEqual([])
  })
})
