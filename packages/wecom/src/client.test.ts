import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import type { WecomClient } from './client.ts'
import { WecomError } from './errors.ts'
import { memoryTokenStore } from './tokens.ts'
import { clientFor, refusal, SECRET, wireServer, type WireRequest } from './test/wire-server.ts'

const ping = (client: WecomClient): Promise<object> => client.call({ method: 'GET', path: '/cgi-bin/agent/get' })

/** A WeCom that accepts one token only, as after it revoked the earlier ones. */
const accepting =
  (token: string, errcode = 42001) =>
  ({ path, query }: WireRequest): object | undefined => {
    if (path === '/cgi-bin/gettoken') return undefined
    return query.access_token === token ? { errcode: 0, errmsg: 'ok' } : refusal(errcode, 'access_token expired')
  }

it('compares its clock with the one in WeCom’s answers', async () => {
  const clock = { ms: Date.UTC(2026, 10, 25, 1, 30, 0) }
  const { url } = await wireServer((_request, response) => {
    response.setHeader('date', 'Wed, 25 Nov 2026 01:27:00 GMT')
  })
  const client = clientFor(url, { clock })
  expect(client.clockAhead()).toBeUndefined()
  await client.authorize()
  expect(client.clockAhead()).toBe(3 * 60_000 - 500)
})

describe('access token', () => {
  it('is fetched with corp id and secret, once for many calls, and used in the query', async () => {
    const { url, to } = await wireServer(accepting('token-1'))
    const client = clientFor(url)
    await Promise.all(Array.from({ length: 50 }, () => ping(client)))
    expect(to('gettoken').map((request) => request.query)).toEqual([{ corpid: 'wwcorp', corpsecret: SECRET }])
    expect(to('agent/get')).toHaveLength(50)
  })

  it('can be fetched ahead, so that the call itself has nothing to wait for', async () => {
    const { url, requests } = await wireServer(accepting('token-1'))
    const client = clientFor(url)
    await client.authorize()
    await client.authorize()
    await ping(client)
    expect(requests.map(({ path }) => path)).toEqual(['/cgi-bin/gettoken', '/cgi-bin/agent/get'])
  })

  it('is fetched anew to prove corp id and secret, and is everybody’s then; a refusal spoils nothing', async () => {
    let refuse = false
    const { url, to } = await wireServer(({ path }) => {
      if (path === '/cgi-bin/gettoken' && refuse) return refusal(40001, 'invalid credential')
      return path === '/cgi-bin/gettoken' ? undefined : { errcode: 0, errmsg: 'ok' }
    })
    const tokens = memoryTokenStore()
    const [checking, working] = [clientFor(url, { tokens }), clientFor(url, { tokens })]
    await ping(working)
    await checking.prove()
    await ping(working)
    expect(to('agent/get').map(({ query }) => query.access_token)).toEqual(['token-1', 'token-2'])
    refuse = true
    await expect(checking.prove()).rejects.toMatchObject({ errcode: 40001 })
    await ping(working)
    expect(to('agent/get').at(-1)!.query.access_token).toBe('token-2')
  })

  it('that has to be fetched anew may take too long for a call that must leave by a moment: it has done nothing then', async () => {
    const clock = { ms: 1_700_000_000_000 }
    const { url, to } = await wireServer(({ path }) => {
      if (path === '/cgi-bin/gettoken') return undefined
      clock.ms += 6_000
      return refusal(42001, 'access_token expired')
    })
    const client = clientFor(url, { clock })
    const call = { method: 'GET', path: '/cgi-bin/agent/get', leaveBy: clock.ms + 5_000 } as const
    await expect(client.call(call)).rejects.toMatchObject({ name: 'WecomUnreachable', ambiguous: false })
    expect(to('agent/get')).toHaveLength(1)
  })

  it('is not asked for with a refused secret again and again, which WeCom punishes; a check asks at once', async () => {
    const clock = { ms: 1_700_000_000_000 }
    let refuse = true
    const { url, to } = await wireServer(({ path }) => {
      if (path === '/cgi-bin/gettoken') return refuse ? refusal(40001, 'invalid credential') : undefined
      return { errcode: 0, errmsg: 'ok' }
    })
    const client = clientFor(url, { clock })
    for (let minute = 0; minute < 10; minute += 1) {
      await expect(ping(client)).rejects.toMatchObject({ errcode: 40001 })
      clock.ms += 60_000
    }
    expect(to('gettoken')).toHaveLength(2)
    await expect(ping(client)).rejects.toMatchObject({ errcode: 40001 })
    refuse = false
    await expect(ping(client)).rejects.toMatchObject({ errcode: 40001 })
    await client.prove()
    await ping(client)
  })

  it('that cannot be fetched ahead leaves nothing open, however the fetch ended', async () => {
    const { url } = await wireServer((_request, response) => void response.destroy())
    await expect(clientFor(url).authorize()).rejects.toMatchObject({ name: 'WecomUnreachable', ambiguous: false })
    const refusing = await wireServer(() => refusal(40001, 'invalid credential'))
    await expect(clientFor(refusing.url).authorize()).rejects.toMatchObject({ kind: 'config', errcode: 40001 })
  })

  it('is shared by all processes with the same store', async () => {
    const { url, to } = await wireServer(accepting('token-1'))
    const tokens = memoryTokenStore()
    await ping(clientFor(url, { tokens }))
    await ping(clientFor(url, { tokens }))
    expect(to('gettoken')).toHaveLength(1)
  })

  it('is renewed a little before its two hours are over', async () => {
    const { url, to } = await wireServer(({ path }) => (path === '/cgi-bin/gettoken' ? undefined : { errcode: 0 }))
    const clock = { ms: 0 }
    const client = clientFor(url, { clock })
    await ping(client)
    clock.ms = 6_800_000
    await ping(client)
    expect(to('gettoken')).toHaveLength(1)
    clock.ms = 7_100_000
    await ping(client)
    expect(to('agent/get').at(-1)!.query.access_token).toBe('token-2')
  })

  it.each([42001, 40014])(
    'that dies early (%i) under 50 calls is renewed once, and all 50 succeed',
    async (errcode) => {
      const { url, to } = await wireServer(accepting('token-2', errcode))
      const client = clientFor(url)
      await Promise.all(Array.from({ length: 50 }, () => ping(client)))
      expect(to('gettoken')).toHaveLength(2)
    },
  )

  it('is not fetched a third time when the new one is refused as well', async () => {
    const { url, to } = await wireServer(accepting('never'))
    await expect(ping(clientFor(url))).rejects.toMatchObject({ kind: 'token', errcode: 42001 })
    expect(to('gettoken')).toHaveLength(2)
    expect(to('agent/get')).toHaveLength(2)
  })

  it('put in place by another process is kept when the old one is refused', async () => {
    const tokens = memoryTokenStore()
    const { url, to } = await wireServer((request) => {
      // While our call with the first token is under way, a colleague renews it.
      if (request.query.access_token === 'token-1') {
        void tokens.write('wwcorp/1000002/access_token', { value: 'of-a-colleague', expiresAt: Infinity })
      }
      return accepting('of-a-colleague')(request)
    })
    await ping(clientFor(url, { tokens }))
    expect(to('gettoken')).toHaveLength(1)
  })
})

describe('a call', () => {
  it('sends a string byte for byte, an object as JSON', async () => {
    const { url, to } = await wireServer(accepting('token-1'))
    const client = clientFor(url)
    const frozen = '{ "b":1,\n"a":"你好\\u0041" }'
    await client.call({ method: 'POST', path: '/cgi-bin/message/send', body: frozen })
    await client.call({ method: 'POST', path: '/cgi-bin/message/send', body: { text: '好' } })
    expect(to('message/send').map(({ body }) => body.toString())).toEqual([frozen, '{"text":"好"}'])
    expect(to('message/send')[0]!.headers['content-type']).toMatch('application/json')
  })

  it('goes by the errcode and not by the HTTP status', async () => {
    const { url } = await wireServer(({ path }, response) => {
      if (path === '/cgi-bin/gettoken') return undefined
      response.statusCode = 500
      return refusal(45009, 'api freq out of limit')
    })
    await expect(ping(clientFor(url))).rejects.toMatchObject({ kind: 'retry', errcode: 45009 })
  })

  it('tells whose configuration is wrong when the token itself is refused', async () => {
    const { url } = await wireServer(() => refusal(40001, 'invalid credential'))
    const error = await ping(clientFor(url)).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(WecomError)
    expect(error).toMatchObject({ kind: 'config', cure: expect.stringContaining('Secret') })
  })

  it('keeps secret and token out of errors and logs', async () => {
    const log = { debug: vi.fn(), warn: vi.fn() }
    const answers = [accepting('never'), () => refusal(60020, 'not allow to access from your ip'), accepting('token-1')]
    const errors: unknown[] = []
    for (const answer of answers) {
      const { url } = await wireServer(answer)
      const client = clientFor(url, { log })
      await ping(client).catch((error: unknown) => errors.push(error))
      errors.push(client)
    }
    const { url } = await wireServer(({ path }, response) => {
      if (path !== '/cgi-bin/gettoken') response.socket!.resetAndDestroy()
    })
    await ping(clientFor(url, { log })).catch((error: unknown) => errors.push(error))
    const said = inspect([errors, log.debug.mock.calls, log.warn.mock.calls], { depth: 12, showHidden: true })
    expect(said).toContain('/cgi-bin/agent/get')
    expect(said).not.toContain(SECRET)
    expect(said).not.toMatch(/token-\d/)
  })
})
