import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startSimulator, type Simulator } from '@qimeng/simulator'
import { encrypt, getSignature } from '@wecom/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encryptReply, readCallback, textReply } from './callbacks.ts'
import { createWecomClient } from './client.ts'
import { downloadMedia } from './media.ts'
import { EVENT_EXAMPLES, type EventExample } from './test/wire-events.ts'
import { PICTURE, WIRE_EXAMPLES, type WireExample } from './test/wire-examples.ts'
import { clientFor, refusal, wireServer, type WireRequest } from './test/wire-server.ts'
import { memoryTokenStore } from './tokens.ts'
import { readXml } from './xml.ts'

// Client and simulator are held against the same examples of WECOM.md, so that they agree with the document and not only
// with each other.

const TOKEN = 'simtoken'
const AES_KEY = 'a'.repeat(43)

const examples = Object.entries(WIRE_EXAMPLES)
const titleOf = ([title, { chapter, path }]: [string, WireExample]) => `${title} (${path}, WECOM.md ${chapter})`

describe('the client', () => {
  it.each(examples.map((example) => [titleOf(example), example[1]] as const))(
    'asks for and understands %s',
    async (_title, { method, path, query = {}, body, upload, answer, ask, means }) => {
      const { url, to } = await wireServer((request) => (request.path.endsWith(path) ? answer : undefined))
      expect(await ask(clientFor(url))).toEqual(means)
      const [request] = to(path) as [WireRequest]
      expect(request.method).toBe(method)
      // In the query string, never in the body (WECOM.md 0.2).
      expect(request.query).toEqual({ access_token: 'token-1', ...query })
      if (upload) expect(request.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
      else expect(request.body.length > 0 && JSON.parse(request.body.toString())).toEqual(body ?? false)
    },
  )
})

const events = Object.entries<EventExample>(EVENT_EXAMPLES)

describe('the client', () => {
  const corpId = 'wwcorp'
  const settings = { token: TOKEN, encodingAesKey: AES_KEY, corpId }

  it.each(events)('reads %s (WECOM.md 4.6), however it is wrapped (4.3, 4.4)', (_event, { xml, userId, means }) => {
    const encrypted = encrypt(settings.encodingAesKey, xml, corpId)
    const body =
      `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID>` +
      `<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
    const msg_signature = getSignature(settings.token, '1700000000', 'n1', encrypted)
    const query = { msg_signature, timestamp: '1700000000', nonce: 'n1' }
    const read = readCallback(settings, query, body, 1_700_000_000_000)
    expect(read).toMatchObject({ userId, createdAt: 1_700_000_000_000, event: means })
  })
})

describe('the simulator', () => {
  let wecom: Simulator
  // Callback cards are refused where there is no address (43012), so there is one that takes everything.
  let reply = ''
  const app = createServer((_request, response) => void response.end(reply))
  beforeAll(async () => {
    await once(app.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`
    const callback = { url, token: TOKEN, aesKey: AES_KEY }
    wecom = await startSimulator({ port: 0, appUrl: 'http://localhost:3000', callback })
  })
  afterAll(async () => {
    await wecom.close()
    app.close()
  })

  const fetchJson = async (url: string, init?: RequestInit) => (await fetch(url, init)).json() as Promise<Answer>
  type Answer = Record<string, unknown>
  const call = async (example: Pick<WireExample, 'method' | 'path' | 'query' | 'body' | 'upload'>): Promise<Answer> => {
    const access_token = await token()
    const url = `${wecom.url}/cgi-bin/${example.path}?${new URLSearchParams({ access_token, ...example.query })}`
    if (!example.upload) {
      return fetchJson(url, { method: example.method, ...(example.body && { body: JSON.stringify(example.body) }) })
    }
    const form = new FormData()
    form.set('media', new Blob([new Uint8Array(PICTURE.bytes)], { type: PICTURE.contentType }), PICTURE.filename)
    return fetchJson(url, { method: 'POST', body: form })
  }
  const gettoken = () =>
    fetchJson(
      `${wecom.url}/cgi-bin/gettoken?${new URLSearchParams({ corpid: wecom.corp.corpId, corpsecret: wecom.corp.secret })}`,
    )
  const token = async () => String((await gettoken()).access_token)

  const control = async <T>(method: string, path: string, body?: object) =>
    (await fetchJson(`${wecom.url}/__sim${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })) as T

  /** What the document's placeholders stand for here: codes and ids that this WeCom has really given. */
  async function filledIn(title: string, example: WireExample): Promise<WireExample> {
    const given = async (name: string, of: string) => String((await call(await filledIn(of, WIRE_EXAMPLES[of]!)))[name])
    switch (title) {
      case 'who has logged in':
        return {
          ...example,
          query: { code: (await control<{ code: string }>('POST', '/codes', { userid: 'zhangsan' })).code },
        }
      case 'somebody who is no member': {
        const { openid, external_userid } = example.answer
        const { code } = await control<{ code: string }>('POST', '/codes', { openid, external_userid })
        return { ...example, query: { code } }
      }
      case 'a template card with buttons':
      case 'a text notice with a menu': {
        const card = { ...(example.body!.template_card as object), task_id: `mt-${crypto.randomUUID()}` }
        return { ...example, body: { ...example.body, template_card: card } }
      }
      case 'a card whose buttons are disabled':
        return {
          ...example,
          body: { ...example.body, response_code: await given('response_code', 'a template card with buttons') },
        }
      case 'a card that becomes another':
        return {
          ...example,
          body: { ...example.body, response_code: await given('response_code', 'a text notice with a menu') },
        }
      case 'a message taken back':
        return { ...example, body: { msgid: await given('msgid', 'a text card') } }
      case 'the app and who sees it':
      case 'a tag':
        await control('PUT', '/visible', { users: ['zhangsan'], parties: [1], tags: [1] })
        return example
      case 'the departments':
      case 'a department':
      case 'the members of a department':
      case 'the members of a department with details': {
        const { people } = await control<{ people: { userid: string; departments: number[] }[] }>('GET', '/corp')
        const department = String(people.find(({ userid }) => userid === 'zhangsan')!.departments[0])
        const name = Object.keys(example.query!)[0]!
        return { ...example, query: { [name]: department } }
      }
      default:
        return example
    }
  }

  it.each(examples.map((example) => [titleOf(example), ...example] as const))(
    'answers %s',
    async (_, title, example) => {
      const answer = await call(await filledIn(title, example))
      const left = example.optional?.filter((name) => !(name in answer)) ?? []
      const expected = Object.fromEntries(Object.entries(example.answer).filter(([name]) => !left.includes(name)))
      expect(shapeOf(answer)).toMatchObject(shapeOf(expected) as object)
      for (const constant of ['errcode', 'errmsg', 'type', 'expires_in', 'agentid', 'close', 'userid', 'invaliduser']) {
        if (constant in expected && title !== 'a member') expect(answer[constant]).toEqual(example.answer[constant])
      }
    },
  )

  it.each(events)(
    'tells of %s with the elements of WECOM.md 4.6, in their order',
    async (name, { xml, optional = [] }) => {
      const press = async (title: string, key: string) => {
        await call(await filledIn(title, WIRE_EXAMPLES[title]!))
        const messages = await control<{ id: number }[]>('GET', '/phones/zhangsan/messages')
        await control('POST', '/phones/zhangsan/press', { message: messages.at(-1)!.id, key })
      }
      const causes: Record<string, () => Promise<unknown>> = {
        enter_agent: () => control('POST', '/callbacks', { event: 'enter_agent', userid: 'zhangsan' }),
        template_card_event: () => press('a template card with buttons', 'later:42'),
        template_card_menu_event: () => press('a text notice with a menu', 'finished'),
        change_contact: () => control('PATCH', '/people/zhangsan', { name: '张三' }),
      }
      await causes[name]!()
      const told = await control<{ event: string; xml: string }[]>('GET', '/callbacks')
      const elements = elementsOf(told.find(({ event }) => event.split('/')[0] === name)!.xml)
      const required = elementsOf(xml).filter((element) => !optional.includes(element))
      expect(elements.filter((element) => !optional.includes(element))).toEqual(required)
    },
  )

  it('takes a passive reply in the form of WECOM.md 4.5', async () => {
    const settings = { token: TOKEN, encodingAesKey: AES_KEY, corpId: wecom.corp.corpId }
    reply = encryptReply(settings, textReply(settings, 'zhangsan', '收到'))
    expect(reply).toMatch(
      /^<xml><Encrypt><!\[CDATA\[[\w+/=]+\]\]><\/Encrypt><MsgSignature><!\[CDATA\[[\da-f]{40}\]\]><\/MsgSignature><TimeStamp>\d{10}<\/TimeStamp><Nonce><!\[CDATA\[\w+\]\]><\/Nonce><\/xml>$/,
    )
    const told = await control<{ attempts: object[] }>('POST', '/callbacks', {
      ...{ event: 'text', userid: 'zhangsan', content: '任务' },
    })
    reply = ''
    expect(told.attempts).toMatchObject([{ note: 'replied with a text' }])
  })

  it('gives a file back as WECOM.md 6 has it, and the client takes it', async () => {
    const { media_id } = await call(WIRE_EXAMPLES['a picture for messages']!)
    const client = createWecomClient(
      { ...wecom.corp, apiUrl: wecom.url, oauthUrl: wecom.url, loginUrl: wecom.url },
      { tokens: memoryTokenStore(), now: Date.now },
    )
    expect(await downloadMedia(client, String(media_id))).toEqual({ contentType: 'image/png', bytes: PICTURE.bytes })
    const url = `${wecom.url}/cgi-bin/media/get?${new URLSearchParams({ access_token: await token(), media_id: String(media_id) })}`
    expect((await fetch(url)).headers.get('content-disposition')).toBe('attachment; filename="a.png"')
    await expect(downloadMedia(client, 'unknown')).rejects.toMatchObject({ errcode: 40007 })
  })

  it('gives a token (gettoken, WECOM.md 1.1)', async () => {
    expect(await gettoken()).toMatchObject({
      errcode: 0,
      errmsg: 'ok',
      access_token: expect.any(String),
      // 7200 when new; the others here have used it for a while.
      expires_in: expect.any(Number),
    })
  })

  it('refuses in the shape of WECOM.md 0.2', async () => {
    const { errcode, errmsg } = await call({ method: 'POST', path: 'message/recall', body: { msgid: 'unknown' } })
    const canned = refusal(errcode as number, String(errmsg).split(', hint')[0]!) as { errmsg: string }
    const anonymous = (text: string) =>
      text.replace(/hint: \[\d{10}_?[\da-f]+\]/, 'hint').replace(/from ip: [\d.]+/, 'from ip')
    expect(anonymous(String(errmsg))).toBe(anonymous(canned.errmsg))
  })
})

const elementsOf = (xml: string): string[] => readXml(xml).children.map(({ name }) => name)

/** Names and JSON types: a list is as its first item is. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : expect.any(Array)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]))
}
