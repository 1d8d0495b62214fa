import { afterAll, beforeAll, expect, test } from 'vitest'
import { aSimulator, type TestSimulator } from '../test/harness.ts'

const CALLBACK = 'http://localhost:3000/auth/callback?to=home'
let wecom: TestSimulator
let now = Date.now()
beforeAll(async () => {
  wecom = await aSimulator({ clock: { now: () => now } })
})
afterAll(() => wecom.close())

const oauth = (change: Record<string, string> = {}) =>
  `/connect/oauth2/authorize?${new URLSearchParams({
    appid: wecom.corp.corpId,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'a1b2',
    agentid: '1000002',
    ...change,
  })}`

const sso = (page: string, change: Record<string, string> = {}) =>
  `${wecom.url}/wwlogin/sso/${page}?${new URLSearchParams({
    login_type: 'CorpApp',
    appid: wecom.corp.corpId,
    agentid: '1000002',
    redirect_uri: CALLBACK,
    state: 'a1b2',
    ...change,
  })}`

const redeem = (location: string) =>
  wecom.call('auth/getuserinfo', { code: new URL(location).searchParams.get('code') ?? '' })

test('a phone logs in as its person, and comes back on its own origin', async () => {
  const { status, location } = await wecom.onPhone('zhangsan', oauth())
  expect(status).toBe(302)
  expect(location).toMatch(
    new RegExp(`^http://zhangsan\\.localhost:${wecom.port}/auth/callback\\?to=home&code=\\w+&state=a1b2$`),
  )
  expect(await redeem(location)).toEqual({ errcode: 0, errmsg: 'ok', userid: 'zhangsan' })
  expect(await redeem(location)).toMatchObject({ errcode: 40029 })
})

test('a code dies after five minutes', async () => {
  const { location } = await wecom.onPhone('lisi', oauth())
  now += 5 * 60_000 + 1
  expect(await redeem(location)).toMatchObject({ errcode: 40029 })
})

test('userids that are no host names have a phone all the same, also out of the visible range', async () => {
  const { people } = await wecom.control<{ people: { userid: string; phone: string }[] }>('GET', '/corp')
  for (const userid of ['li_yang', 'Alice.Wang', 'niexiaoqian@hq', 'guwen-01']) {
    const label = new URL(people.find((each) => each.userid === userid)!.phone).hostname.split('.')[0]!
    const { location } = await wecom.onPhone(label, oauth())
    expect(await redeem(location)).toMatchObject({ userid })
  }
})

test('any other host than the trusted domain, port included, is turned away', async () => {
  for (const redirect_uri of ['http://localhost:3999/x', 'http://evil.example/x', 'nonsense']) {
    const { status, text } = await wecom.onPhone('zhangsan', oauth({ redirect_uri }))
    expect(status).toBe(200)
    expect(text).toContain('50001')
  }
})

test('outside a phone one is sent to WeCom', async () => {
  const reply = await fetch(wecom.url + oauth())
  expect(await reply.text()).toContain('请在企业微信客户端打开链接')
})

test('the login page lists people, finds them, and sends the chosen one back', async () => {
  const page = await (await fetch(sso('login'))).text()
  expect(page).toContain('企业微信扫码登录')
  expect(page).toMatch(/>\s*张三\s*<\/button>/)
  const found = await (await fetch(sso('login', { q: '阿依' }))).text()
  expect(found).toMatch(/>\s*阿依古丽·买买提\s*<\/button>/)
  expect(found).not.toMatch(/>\s*张三\s*<\/button>/)
  const { headers } = await fetch(sso('confirm', { userid: 'lisi' }), { redirect: 'manual' })
  expect(headers.get('location')).toMatch(/^http:\/\/localhost:3000\/auth\/callback\?to=home&code=\w+&state=a1b2$/)
  expect(await redeem(headers.get('location')!)).toMatchObject({ userid: 'lisi' })
})

test('who refuses comes back without a code', async () => {
  const { headers } = await fetch(sso('refuse'), { redirect: 'manual' })
  expect(headers.get('location')).toBe(`${CALLBACK}&state=a1b2`)
})

test('the login page checks app and domain', async () => {
  expect(await (await fetch(sso('login', { redirect_uri: 'http://evil.example/' }))).text()).toContain('50001')
  expect(await (await fetch(sso('login', { agentid: '7' }))).text()).toContain('40056')
})
