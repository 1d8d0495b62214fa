import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askedRange } from './byte-range.ts'
import { sendBlob } from './send-blob.ts'

const FILE = '0123456789'
let server: Server
let url: string
beforeAll(async () => {
  const app = express().get('/', async (request, response) => {
    response.set('ETag', '"1"')
    const range = askedRange(request, response)
    const part = Buffer.from(FILE.slice(range?.start, range?.end === undefined ? undefined : range.end + 1))
    await sendBlob({ stream: Readable.from([part]), bytes: part.length, size: FILE.length }, request, response, range)
  })
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => server.close())

async function ask(headers: Record<string, string>) {
  const reply = await fetch(url, { headers })
  return [reply.status, reply.headers.get('Content-Range'), await reply.text()]
}

test.each([
  ['bytes=2-4', [206, 'bytes 2-4/10', '234']],
  ['bytes=7-', [206, 'bytes 7-9/10', '789']],
  ['bytes=8-99', [206, 'bytes 8-9/10', '89']],
  ['bytes=10-', [416, 'bytes */10', '']],
])('%s is a part', async (range, reply) => expect(await ask({ Range: range })).toEqual(reply))

test.each(['bytes=-3', 'bytes=0-1,3-4', 'bytes=4-2', 'lines=1-2', 'bytes=a-b', 'bytes=1'])(
  '%s is answered with the whole',
  async (range) => expect(await ask({ Range: range })).toEqual([200, null, FILE]),
)

test('the rest of another version is answered with the whole of this one', async () => {
  expect(await ask({ Range: 'bytes=7-', 'If-Range': '"1"' })).toEqual([206, 'bytes 7-9/10', '789'])
  expect(await ask({ Range: 'bytes=7-', 'If-Range': '"0"' })).toEqual([200, null, FILE])
})
