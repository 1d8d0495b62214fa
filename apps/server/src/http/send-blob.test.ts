import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, expect, it } from 'vitest'
import { sendBlob } from './send-blob.ts'

let server: Server
afterEach(() => server.close())

it('closes the file for somebody who left before the reply began', async () => {
  const stream = createReadStream(import.meta.filename)
  await once(stream, 'open')
  const answered = Promise.withResolvers<void>()
  const app = express().get('/', async (request, response) => {
    client.destroy()
    await once(response, 'close')
    sendBlob({ stream, bytes: 1, size: 1 }, request, response).then(answered.resolve, answered.reject)
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n')
  await answered.promise
  expect(stream.destroyed).toBe(true)
})
