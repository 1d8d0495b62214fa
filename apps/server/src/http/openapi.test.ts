import { endpoint, everyEndpoint } from '@qimeng/contract'
import express from 'express'
import supertest from 'supertest'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { docsPage } from './docs-page.ts'
import { docsRoutes } from './docs.ts'
import { describeApi } from './openapi.ts'

it('describes every endpoint of the contract', () => {
  const { paths } = describeApi(everyEndpoint)
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/{(\w+)}/g, ':$1')}`),
  )
  expect(described.sort()).toEqual(
    Object.values(everyEndpoint)
      .map(({ method, path }) => `${method} ${path}`)
      .sort(),
  )
})

it('says what a request needs and what comes back', () => {
  const { paths } = describeApi({
    make: endpoint({
      method: 'POST',
      path: '/api/things/:thingId',
      for: 'admin',
      summary: 'Make <things>',
      query: z.object({ dry: z.string(), often: z.string().optional() }),
      body: z.object({ name: z.string() }),
      reply: z.object({ id: z.string() }),
    }),
  })
  const operation = paths['/api/things/{thingId}']?.['post']
  expect(operation).toMatchObject({
    parameters: [
      { name: 'thingId', in: 'path', required: true },
      { name: 'dry', in: 'query', required: true },
      { name: 'often', in: 'query', required: false },
    ],
    requestBody: { content: { 'application/json': { schema: { required: ['name'] } } } },
    responses: { 200: { content: { 'application/json': { schema: { required: ['id'] } } } } },
  })
  const page = docsPage(describeApi(everyEndpoint))
  expect(page).toContain('POST /api/console/tasks')
  expect(
    docsPage({ openapi: '3.1.0', info: { title: 'A', version: '1' }, paths, components: { responses: {} } } as never),
  ).toContain('Make &lt;things&gt;')
})

it('is made once, however often strangers ask for it', async () => {
  const whole = describeApi(everyEndpoint)
  let readings = 0
  const watched = {
    ...whole,
    get paths() {
      readings += 1
      return whole.paths
    },
  }
  const app = express().use(docsRoutes(() => watched))
  const ask = async () => {
    const [json, page] = [await supertest(app).get('/api/openapi.json'), await supertest(app).get('/api/docs')]
    return [json.body, page.text] as unknown
  }
  const first = await ask()
  expect(first).toEqual([whole, docsPage(whole)])
  const made = readings
  expect(await ask()).toEqual(first)
  expect(readings).toBe(made)
})
