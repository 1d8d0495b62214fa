import express from 'express'
import { pino } from 'pino'
import request from 'supertest'
import { expect, it } from 'vitest'
import { problems } from './problems.ts'
import { singlePageApp } from './static.ts'

const logged: string[] = []
const log = pino({ level: 'error' }, { write: (line) => void logged.push(line) })
const app = express()
  .use(
    '/admin',
    singlePageApp('admin', (_request, response) => void response.redirect('/admin/login')),
  )
  .use(problems(log))

it.each(['/admin/assets/TaskListPage-gone.js', '/admin/assets/%2e%2e/%2e%2e/package.json', '/admin/assets/a%00b.js'])(
  'answers %s, which is not there, as not found or not readable, and not as a fault of ours',
  async (path) => {
    const response = await request(app).get(path)
    expect([400, 404]).toContain(response.status)
    expect(response.body).toMatchObject({ code: expect.stringMatching(/not_found|malformed/) })
    expect(logged).toEqual([])
  },
)

it('asks at the entrance before it gives a page', async () => {
  const response = await request(app).get('/admin/tasks/t1')
  expect(response.headers['location']).toBe('/admin/login')
})

it.each(['/admin/index.html', '/admin/%69ndex.html', '/admin//index.html', '/admin/x/..%2findex.html'])(
  'leads %s to the page, which has one address only',
  async (path) => {
    const response = await request(app).get(path)
    expect([response.status, response.headers['location']]).toEqual([302, '/admin/'])
  },
)
