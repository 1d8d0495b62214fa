import { randomBytes } from 'node:crypto'
import { createServer, request as passOn, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { ListMultipartUploadsCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, describe, expect, inject, test, vi } from 'vitest'
import { newId } from '../db/id.ts'
import type { Blobs } from './blobs.ts'
import { tryOut } from './open.ts'
import type { S3Place } from './s3-place.ts'
import { openS3Blobs } from './s3.ts'

const { bucket, endpoint, ...keys } = inject('s3')!
const place = (): S3Place => ({
  ...{ bucket, endpoint, ...keys, prefix: `${newId()}/`, region: 'us-east-1', pathStyle: true },
})

const servers: Server[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const server of servers.splice(0)) server.close()
})

/** Something else that answers at the endpoint. */
async function endpointOf(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const saysXml =
  (status: number, code: string): RequestListener =>
  (request, response) => {
    request.resume()
    request.on('end', () => {
      response.writeHead(status, { 'Content-Type': 'application/xml' })
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
    })
  }

const troubleWith = (change: Partial<S3Place>) =>
  tryOut(openS3Blobs({ ...place(), ...change })).catch((error: unknown) => error)

describe('a store that is set up wrongly says what is wrong', () => {
  test.each<[Partial<S3Place>, string, RegExp]>([
    [{ bucket: 'nobody-has-this' }, 'no_bucket', /s3:\/\/nobody-has-this\/.*no such bucket/],
    [{ accessKeyId: 'STRANGER' }, 'wrong_key', /BLOB_ACCESS_KEY_ID/],
    [{ secretAccessKey: 'mistyped' }, 'wrong_secret', /BLOB_SECRET_ACCESS_KEY/],
    [{ endpoint: 'http://127.0.0.1:9' }, 'unreachable', /does not answer/],
    [{ endpoint: 'http://nowhere.invalid' }, 'unreachable', /does not answer/],
  ])('%j', async (change, trouble, message) => {
    const error = await troubleWith(change)
    expect(error).toMatchObject({
      name: 'BlobsUnavailable',
      trouble,
      message: expect.stringMatching(message) as string,
    })
    expect(String((error as Error).message)).not.toContain(keys.secretAccessKey)
  })

  test('a key without the right to write', async () => {
    const locked = place()
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: keys })
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject' }
    const Statement = [{ ...deny, Resource: `arn:aws:s3:::${bucket}/${locked.prefix}*` }]
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }))
    expect(await troubleWith(locked)).toMatchObject({ trouble: 'forbidden' })
  })

  test.each<[string, RequestListener, object]>([
    ['a website', (_, response) => void response.end('<html><body>Welcome</body></html>'), { trouble: 'not_a_store' }],
    ['a login page', saysXml(403, 'Whatever'), { trouble: 'forbidden' }],
    ['a store in another region', saysXml(301, 'PermanentRedirect'), { trouble: 'wrong_region' }],
    ['a store whose clock never agrees', saysXml(403, 'RequestTimeTooSkewed'), { trouble: 'wrong_clock' }],
    ['a store that is overloaded', saysXml(503, 'SlowDown'), { trouble: 'busy' }],
    ['a proxy whose store is away', (_, response) => void response.writeHead(502).end(), { trouble: 'busy' }],
    ['a full store', saysXml(507, 'InsufficientStorage'), { name: 'StorageFull' }],
    ['a store with a quota', saysXml(403, 'QuotaExceeded'), { name: 'StorageFull' }],
  ])('%s', async (_what, answer, expected) => {
    expect(await troubleWith({ endpoint: await endpointOf(answer) })).toMatchObject(expected)
  })
})

test('a clock that is an hour wrong is no trouble: the store tells the time', async () => {
  vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] })
  await tryOut(openS3Blobs(place()))
})

describe('an answer that gets lost', () => {
  /** Passes everything on, and loses the answer to the first request that stores something. */
  async function losingTheFirstAnswer(): Promise<Blobs> {
    let lost = false
    const proxy = await endpointOf((request, response) => {
      // The name it was asked under goes along: it is signed.
      const { method, headers } = request
      const onward = passOn(endpoint + request.url!, { method: method!, headers }, (reply) => {
        if (method === 'PUT' && !lost) {
          lost = true
          return void request.socket.destroy()
        }
        response.writeHead(reply.statusCode!, reply.headers)
        reply.pipe(response)
      })
      request.pipe(onward)
    })
    return openS3Blobs({ ...place(), endpoint: proxy })
  }

  test('to a blob that is put once is no conflict with itself', async () => {
    const blobs = await losingTheFirstAnswer()
    expect(await blobs.put('a', Buffer.from('once'), { once: true })).toEqual({ bytes: 4 })
  })
})

test('a store that knows no conditions is written to without', async () => {
  const conditions: unknown[] = []
  const blobs = openS3Blobs({
    ...place(),
    endpoint: await endpointOf((request, response) => {
      const condition = request.headers['if-none-match']
      conditions.push(condition)
      if (condition === undefined) request.resume().on('end', () => response.end())
      else saysXml(501, 'NotImplemented')(request, response)
    }),
  })
  expect(await blobs.put('a', Buffer.from('x'), { once: true })).toEqual({ bytes: 1 })
  expect([conditions[0], conditions.at(-1)]).toEqual(['*', undefined])
})

test('an upload in parts that is cut off leaves none of them to be paid for', async () => {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: keys })
  const here = place()
  const blobs = openS3Blobs(here)
  const cutOff = Readable.from(
    (function* () {
      for (let i = 0; i < 4; i++) yield randomBytes(6_000_000)
      throw new Error('the worker was killed')
    })(),
  )
  await expect(blobs.put('exports/large.xlsx', cutOff)).rejects.toThrow('killed')
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: here.prefix }))
  expect(Uploads).toEqual([])
})

test('thousands of keys are listed, page by page', async () => {
  const blobs = openS3Blobs(place())
  const names = Array.from({ length: 1_050 }, (_, i) => `images/full/${String(i).padStart(4, '0')}`)
  for (let i = 0; i < names.length; i += 50) {
    await Promise.all(names.slice(i, i + 50).map((name) => blobs.put(name, Buffer.from('x'))))
  }
  const found: string[] = []
  for await (const key of blobs.list('images/')) found.push(key)
  expect(found).toEqual(names)
})
