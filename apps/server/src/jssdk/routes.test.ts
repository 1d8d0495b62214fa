import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type EmployeeCaller, type World } from '../test/world.ts'

let world: World
let lisi: EmployeeCaller
beforeAll(async () => {
  world = await startWorld()
  lisi = await world.employee('lisi')
})
afterAll(() => world.stop())

const sign = (url: string, as: 'corp' | 'app' = 'app') => lisi('GET /api/me/jssdk/signature', { query: { url, as } })

test('a page of ours is signed with the ticket asked for, by WeCom’s recipe', async () => {
  const url = `${world.publicUrl}/m/pushes/1?from=card`
  for (const as of ['corp', 'app'] as const) {
    const { timestamp, nonceStr, signature } = await sign(url, as)
    const tickets = await world.parts.db
      .selectFrom('wecomTokens')
      .selectAll()
      .where('name', 'like', '%ticket%')
      .execute()
    const ticket = tickets.find(({ name }) => name.endsWith(as === 'corp' ? 'corp' : 'agent'))!.value
    const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`
    expect(signature).toBe(createHash('sha1').update(text).digest('hex'))
    expect(Math.abs(timestamp * 1000 - Date.now())).toBeLessThan(60_000)
  }
})

test('WeCom is asked for each ticket once, also across a restart', async () => {
  await Promise.all(Array.from({ length: 20 }, () => sign(`${world.publicUrl}/m/`)))
  await world.restart()
  await sign(`${world.publicUrl}/m/`)
  expect(await world.wecom.calls('/cgi-bin/ticket/get')).toHaveLength(1)
})

test.each(['https://evil.example/m/', 'http://localhost.evil.example/', 'javascript:alert(1)', 'not a url'])(
  '%s is not signed',
  async (url) => {
    await expect(sign(url)).rejects.toMatchObject({ status: 422, issues: [{ path: ['url'] }] })
  },
)

test('a page is signed without its fragment', async () => {
  await expect(sign(`${world.publicUrl}/m/#x`)).rejects.toMatchObject({ status: 422 })
})

test('WeCom refusing the ticket is no error of ours', async () => {
  await world.parts.db.deleteFrom('wecomTokens').where('name', 'like', '%ticket%').execute()
  await world.wecom.fault({ path: '/cgi-bin/ticket/get', kind: 'errcode', errcode: 45009 })
  await expect(sign(`${world.publicUrl}/m/`)).rejects.toMatchObject({ status: 503, retryAfter: 5 })
})
