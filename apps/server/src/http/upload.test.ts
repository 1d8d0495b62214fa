import { PassThrough, type Readable } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Request } from 'express'
import { expect, test } from 'vitest'
import { openUpload } from './upload.ts'

/** A form that has come as far as the first bytes of a file in this field. */
function beginForm(field: string) {
  const headers = { 'content-type': 'multipart/form-data; boundary=edge' }
  const request = Object.assign(new PassThrough(), { headers })
  request.write(`--edge\r\nContent-Disposition: form-data; name="${field}"; filename="a.png"\r\n\r\nbytes`)
  return { upload: openUpload(request as unknown as Request), breakOff: () => request.emit('aborted') }
}

/** What would have ended the server. */
async function uncaughtWhile(work: () => unknown): Promise<unknown[]> {
  const caught: unknown[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => caught.push(error))
  work()
  await breathe()
  process.removeAllListeners('uncaughtException')
  for (const listener of others) process.on('uncaughtException', listener)
  return caught
}

test('a picture that breaks off tells whoever reads it', async () => {
  const { upload, breakOff } = beginForm('image')
  const image: Readable = await upload
  breakOff()
  await expect(image.toArray()).rejects.toMatchObject({ code: 'malformed' })
})

test('a file in a field of another name that breaks off does not end the server', async () => {
  const { upload, breakOff } = beginForm('other')
  await expect(upload).rejects.toMatchObject({ code: 'invalid' })
  expect(await uncaughtWhile(breakOff)).toEqual([])
})
