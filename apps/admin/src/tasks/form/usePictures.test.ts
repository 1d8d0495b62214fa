import { ApiError } from '@qimeng/contract/client'
import { LIMITS } from '@qimeng/contract/limits'
import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import type { Answers } from '../../test/within.ts'
import { within } from '../../test/within.ts'
import type { Picture } from './draft.ts'
import { usePictures } from './usePictures.ts'

const UPLOAD = 'POST /api/console/images'
const file = (name: string, type = 'image/png') => new File(['x'], name, { type })
const view = { id: 'i', width: 8, height: 8, thumb: '/t', full: '/f' }

function open(upload: Answers[string], most = 9) {
  const pictures = reactive<Picture[]>([])
  const { result, leave } = within({ [UPLOAD]: upload }, () => usePictures(() => pictures, most, 'content'))
  return { ...result, pictures, leave, states: () => pictures.map(({ state }) => state) }
}

it('uploads two at a time, in order', async () => {
  const finish: (() => void)[] = []
  const { add, states } = open(() => new Promise((done) => finish.push(() => done(view))))
  add([file('1.png'), file('2.png'), file('3.png')])
  expect(states()).toEqual(['uploading', 'uploading', 'waiting'])
  finish[0]!()
  await flushPromises()
  expect(states()).toEqual(['ready', 'uploading', 'uploading'])
})

it('tells how far an upload has come', () => {
  const { add, pictures } = open(({ onProgress }) => {
    ;(onProgress as (fraction: number) => void)(0.4)
    return new Promise(() => undefined)
  })
  add([file('1.png')])
  expect(pictures[0]!.progress).toBe(0.4)
})

it('retries under the same key what the network lost', async () => {
  const keys: unknown[] = []
  const { add, retry, pictures, states } = open(({ idempotencyKey }) => {
    keys.push(idempotencyKey)
    if (keys.length === 1) throw new ApiError({ code: 'network', message: '网络不可用' }, 0)
    return view
  })
  add([file('1.png')])
  await flushPromises()
  expect(states()).toEqual(['failed'])
  retry(pictures[0]!)
  await flushPromises()
  expect(states()).toEqual(['ready'])
  expect(keys[1]).toBe(keys[0])
})

it('gives up on what the server will never take, and says why', async () => {
  const { add, pictures } = open(() => {
    throw new ApiError({ code: 'unsupported_media', message: '这不是有效的图片' }, 415)
  })
  add([file('假.png')])
  await flushPromises()
  expect(pictures[0]).toMatchObject({ state: 'refused', message: '「假.png」这不是有效的图片' })
})

it('refuses by itself what is no picture, too large or too many, each by name', () => {
  const large = Object.defineProperty(file('大.png'), 'size', { value: LIMITS.imageBytes + 1 })
  const { add, refusals, pictures } = open(() => new Promise(() => undefined), 1)
  add([file('文.txt', 'text/plain'), large, file('1.png'), file('2.png')])
  expect(pictures).toHaveLength(1)
  expect(refusals.value).toEqual([
    '「文.txt」不是图片，没有添加',
    '「大.png」超过 10 MB，没有添加',
    '最多 1 张图片，「2.png」没有添加',
  ])
})

it('cancels the upload of a picture that is removed', () => {
  const aborted = vi.fn()
  const { add, remove, pictures } = open(({ signal }) => {
    ;(signal as AbortSignal).addEventListener('abort', aborted)
    return new Promise(() => undefined)
  })
  add([file('1.png'), file('2.png')])
  remove(pictures[0]!)
  expect(aborted).toHaveBeenCalledTimes(1)
  expect(pictures.map(({ name }) => name)).toEqual(['2.png'])
})
