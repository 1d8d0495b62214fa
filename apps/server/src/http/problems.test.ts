import { fileURLToPath } from 'node:url'
import express from 'express'
import { pino } from 'pino'
import request from 'supertest'
import { expect, it } from 'vitest'
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
