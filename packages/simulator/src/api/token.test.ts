import { afterAll, beforeAll, expect, test } from 'vitest'
import { aSimulator, type TestSimulator } from '../test/harness.ts'

let wecom: TestSimulator
let now = Date.now()
beforeAll(async () => {
  wecom = await aSimulator({ clock: { now: () => now } })
})
afterAll(() => wecom.close())

const gettoken = async (query: Record<string, string>) =>
  (await (await wecom.raw('gettoken', query)).json()) as { errcode: number; access_token: string; expires_in: number }

test('the same token is given again until it expires', async () => {
  const query = { corpid: wecom.corp.corpId, corpsecret: wecom.corp.secret }
  const first = await gettoken(query)
  expect(first).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 })
  now += 100_000
  expect(await gettoken(query)).toMatchObject({ access_token: first.access_token, expires_in: 7100 })
  now += 7_200_000
  const answer = await (await wecom.raw('agent/get', { access_token: first.access_token })).json()
  expect(answer).toMatchObject({ errcode: 42001 })
  expect((await gettoken(query)).access_token).not.toBe(first.access_token)
})

test('in rotate mode a new token kills the old one', async () => {
  await wecom.control('PATCH', '/settings', { tokenMode: 'rotate' })
  const old = await wecom.token()
  await wecom.token()
  expect(await (await wecom.raw('department/list', { access_token: old })).json()).toMatchObject({ errcode: 40014 })
  await wecom.control('PATCH', '/settings', { tokenMode: 'same' })
})

test('a revoked token is invalid, and a new one works', async () => {
  const old = await wecom.token()
  await wecom.control('POST', '/tokens/revoke')
  expect(await (await wecom.raw('department/list', { access_token: old })).json()).toMatchObject({ errcode: 40014 })
  expect(await wecom.call('department/list')).toMatchObject({ errcode: 0 })
})

test.each([
  [41002, { corpsecret: 'x' }],
  [41004, { corpid: 'x' }],
  [40013, { corpid: 'x', corpsecret: 'x' }],
])('gettoken answers %i', async (errcode, query) => {
  expect(await gettoken(query as Record<string, string>)).toMatchObject({ errcode })
})

test('failures come with HTTP 200, a hint, the caller, a link, and in the headers', async () => {
  const reply = await wecom.raw('gettoken', { corpid: wecom.corp.corpId, corpsecret: 'wrong' })
  const { errmsg } = (await reply.json()) as { errmsg: string }
  expect(reply.status).toBe(200)
  expect(reply.headers.get('error-code')).toBe('40001')
  expect(reply.headers.get('error-msg')).toBe(errmsg)
  expect(errmsg).toMatch(
    /^invalid credential, hint: \[\d{24}\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40001$/,
  )
})

test('the token belongs into the query string, and unknown paths are refused', async () => {
  const token = await wecom.token()
  expect(await (await wecom.raw('message/send', {}, { access_token: token })).json()).toMatchObject({ errcode: 41001 })
  expect(await wecom.call('no/such/call')).toMatchObject({ errcode: 404 })
})

test('the two tickets differ, and the app one needs its type', async () => {
  const corp = await wecom.call('get_jsapi_ticket')
  const app = await wecom.call('ticket/get', { type: 'agent_config' })
  expect(corp).toMatchObject({ errcode: 0, expires_in: 7200 })
  expect(app.ticket).not.toBe(corp.ticket)
  expect(await wecom.call('ticket/get', { type: 'jsapi' })).toMatchObject({ errcode: 91040 })
})
