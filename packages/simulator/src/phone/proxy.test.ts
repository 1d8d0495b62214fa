import { afterAll, beforeAll, expect, test } from 'vitest'
import { aSimulator, type TestSimulator } from '../test/harness.ts'
import { startTinyApp, type TinyApp } from '../test/tiny-app.ts'

let app: TinyApp
let wecom: TestSimulator
beforeAll(async () => {
  app = await startTinyApp()
  wecom = await aSimulator({ appUrl: app.url })
  Object.assign(app.wecom, { url: wecom.url, ...wecom.corp })
})
afterAll(async () => {
  await wecom.close()
  await app.close()
})

const origin = (label: string) => `http://${label}.localhost:${wecom.port}`
const lastSeen = () => app.seen.at(-1)!

/** Follows redirects as the phone's browser would, as long as they stay on the phone. */
async function visit(label: string, path: string) {
  let reply = await wecom.onPhone(label, path, { accept: 'text/html' })
  while (reply.location.startsWith(origin(label))) {
    reply = await wecom.onPhone(label, reply.location.slice(origin(label).length).split('#')[0]!, {
      accept: 'text/html',
    })
  }
  return reply
}

test('two phones stay two people: each has its own jar', async () => {
  await visit('zhangsan', '/m/')
  await visit('lisi', '/m/')
  expect((await wecom.onPhone('zhangsan', '/who')).text).toBe('zhangsan')
  expect((await wecom.onPhone('lisi', '/who')).text).toBe('lisi')
  expect((await wecom.onPhone('wangwu', '/who', { cookie: '__Host-me=zhangsan' })).text).toBe('nobody')
  await wecom.control('DELETE', '/phones/lisi/cookies')
  expect((await wecom.onPhone('lisi', '/who')).text).toBe('nobody')
})

test('the document gets the bridge first in its head; policy and everything else stay', async () => {
  const { text, headers } = await visit('zhangsan', '/m/')
  expect(text).toMatch(/<head><script src="\/__phone\/bridge\.js"><\/script><meta charset/)
  expect(headers['content-security-policy']).toContain("script-src 'self'")
  expect(headers).not.toHaveProperty('set-cookie')
  expect((await wecom.onPhone('zhangsan', '/page.js')).text).not.toContain('bridge.js')
})

test('the app sees its own origin and a WeCom browser', async () => {
  const here = origin('zhangsan')
  const headers = { origin: here, referer: `${here}/m/?a=1`, 'content-type': 'application/json' }
  const body = JSON.stringify({ url: `${here}/m/` })
  await wecom.onPhone('zhangsan', `/upload?page=${encodeURIComponent(`${here}/m/?a=1`)}`, headers, body)
  expect(lastSeen()).toMatchObject({
    url: `/upload?page=${encodeURIComponent(`${app.url}/m/?a=1`)}`,
    body: JSON.stringify({ url: `${app.url}/m/` }),
    headers: { origin: app.url, referer: `${app.url}/m/?a=1`, 'user-agent': expect.stringContaining('wxwork/4.1') },
  })
})

test('an address is mapped however it is percent-encoded, and other parameters keep their bytes', async () => {
  const half = `${origin('zhangsan')}/m/`.replaceAll('/', '%2F')
  await wecom.onPhone('zhangsan', `/who?a=%zz&url=${half}&b=%E4+c`)
  expect(lastSeen().url).toBe(`/who?a=%zz&url=${encodeURIComponent(`${app.url}/m/`)}&b=%E4+c`)
})

test('bodies other than JSON pass untouched', async () => {
  const body = `${origin('zhangsan')}\u0000${'x'.repeat(200_000)}`
  const reply = await wecom.onPhone('zhangsan', '/upload', { 'content-type': 'application/octet-stream' }, body)
  expect(JSON.parse(reply.text)).toEqual({ length: body.length })
  expect(lastSeen().body).toBe(body)
})

test('a phone may be an Android, or outside WeCom altogether', async () => {
  const agent = async (options: Record<string, string>) => {
    await wecom.control('PATCH', '/phones/wangwu/options', options)
    await wecom.onPhone('wangwu', '/who')
    return lastSeen().headers['user-agent']
  }
  expect(await agent({ client: 'android' })).toMatch(/Android.*wxwork\/4\.1\.36/)
  expect(await agent({ bridge: 'old' })).toMatch(/wxwork\/3\.0\.20/)
  expect(await agent({ bridge: 'browser' })).not.toMatch(/wxwork|MicroMessenger/)
})

test('nobody has no phone, and an unreachable app is said plainly', async () => {
  expect(await wecom.onPhone('nobody-here', '/m/')).toMatchObject({
    status: 404,
    text: expect.stringContaining('没有这台手机'),
  })
  const lonely = await aSimulator({ appUrl: 'http://localhost:9' })
  try {
    expect(await lonely.onPhone('zhangsan', '/m/')).toMatchObject({
      status: 502,
      text: expect.stringContaining('网络不可用'),
    })
  } finally {
    await lonely.close()
  }
})
