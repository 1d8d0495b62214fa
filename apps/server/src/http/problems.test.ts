import { fileURLToPath } from 'node:url'
import express from 'express'
import { pino } from 'pino'
import request from 'supertest'
import { expect, it } from 'vitest'
import { Refusal } from '../refusal.ts'
import { problems } from './problems.ts'

it.each([
  ['a range outside its file', { Range: 'bytes=99999999-' }],
  ['another version than there is', { 'If-Match': '"other"' }],
])('asking for %s is a mistake of the caller, and no fault of ours to be logged', async (_what, headers) => {
  const logged: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => void logged.push(line) })
  const app = express()
    .use(express.static(fileURLToPath(new URL('.', import.meta.url)), { fallthrough: false }))
    .use(problems(log))
  const response = await request(app).get('/problems.ts').set(headers)
  expect([response.status, response.body.code]).toEqual([400, 'malformed'])
  expect(logged).toEqual([])
})

it.each(['22P02', '22003', '22021'])(
  'a value of which PostgreSQL says %s was not checked well enough, and is the caller’s all the same',
  async (code) => {
    const app = express()
      .get('/', () => {
        throw Object.assign(new Error('invalid input syntax for type bigint: "x"'), { code })
      })
      .use(problems(pino({ level: 'silent' })))
    const response = await request(app).get('/')
    expect([response.status, response.body.code]).toEqual([400, 'malformed'])
    expect(response.text).not.toContain('bigint')
  },
)

it('says nothing of what went wrong inside, and logs it', async () => {
  const logged: string[] = []
  const app = express()
    .get('/', () => {
      throw new Error('no such column: canary')
    })
    .use(problems(pino({ level: 'error' }, { write: (line) => void logged.push(line) })))
  const response = await request(app).get('/')
  expect([response.status, response.body.message]).toEqual([500, '系统出错了，请稍后重试'])
  expect(response.text).not.toContain('canary')
  expect(logged.join('')).toContain('canary')
})

it('is a page for somebody who opened an address, in which what was sent is text', async () => {
  const app = express()
    .get('/', () => {
      throw new Refusal('too_many_requests', '登录过于频繁<script>', { retryAfter: 42 })
    })
    .use(problems(pino({ level: 'silent' })))
  const page = await request(app).get('/').set('Accept', 'text/html,application/xhtml+xml,*/*;q=0.8')
  expect([page.status, page.type, page.headers['retry-after']]).toEqual([429, 'text/html', '42'])
  expect(page.text).toContain('登录过于频繁&lt;script&gt;')
  const reply = await request(app).get('/').set('Accept', 'application/json, text/plain, */*')
  expect(reply.body).toMatchObject({ code: 'too_many_requests' })
})
