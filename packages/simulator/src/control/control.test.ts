import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aCard, aSimulator, type TestSimulator } from '../test/harness.ts'

const inbox = (wecom: TestSimulator, userid: string) => wecom.control<unknown[]>('GET', `/phones/${userid}/messages`)

describe('faults', () => {
  let wecom: TestSimulator
  beforeEach(async () => {
    wecom = await aSimulator()
  })
  afterEach(() => wecom.close())
  const send = () => wecom.call('message/send', {}, aCard({ enable_duplicate_check: 1 }))
  const fault = (body: Record<string, unknown>) =>
    wecom.control('POST', '/faults', { path: '/cgi-bin/message/send', ...body })

  test('an error code for the next calls of a path, then all is well', async () => {
    await fault({ kind: 'errcode', errcode: 45009, errmsg: 'api freq out of limit', times: 2 })
    expect(await wecom.call('department/list')).toMatchObject({ errcode: 0 })
    expect(await send()).toMatchObject({
      errcode: 45009,
      errmsg: expect.stringContaining('api freq out of limit, hint: ['),
    })
    expect(await send()).toMatchObject({ errcode: 45009 })
    expect(await inbox(wecom, 'zhangsan')).toHaveLength(0)
    expect(await send()).toMatchObject({ errcode: 0 })
  })

  test('accepted, then the connection drops: the card is there, and a retry of the same bytes adds none', async () => {
    await fault({ kind: 'drop-after' })
    await expect(send()).rejects.toThrow()
    expect(await inbox(wecom, 'zhangsan')).toHaveLength(1)
    expect(await send()).toMatchObject({ errcode: 0 })
    expect(await inbox(wecom, 'zhangsan')).toHaveLength(1)
  })

  test('all phones at once can be counted', async () => {
    await send()
    expect(await wecom.control('GET', '/messages')).toEqual([
      { userid: 'zhangsan', msgid: expect.any(String), url: expect.stringContaining('http') },
    ])
  })

  test('dropped before: nothing has happened', async () => {
    await fault({ kind: 'drop-before' })
    await expect(send()).rejects.toThrow()
    expect(await inbox(wecom, 'zhangsan')).toHaveLength(0)
  })

  test('a gateway page, broken JSON, a delay', async () => {
    const ask = async () => wecom.raw('message/send', { access_token: await wecom.token() }, aCard())
    await fault({ kind: 'http-502' })
    expect((await ask()).status).toBe(502)
    await fault({ kind: 'broken-json' })
    await expect((await ask()).json()).rejects.toThrow()
    await fault({ kind: 'delay', delayMs: 120 })
    const before = performance.now()
    expect(await (await ask()).json()).toMatchObject({ errcode: 0 })
    expect(performance.now() - before).toBeGreaterThanOrEqual(119)
  })

  test('a reset connection, bytes that mean nothing, a token taken away', async () => {
    await fault({ kind: 'reset' })
    await expect(send()).rejects.toThrow()
    await fault({ kind: 'garbage' })
    await expect(send()).rejects.toThrow()
    expect(await inbox(wecom, 'zhangsan')).toHaveLength(0)
    await fault({ kind: 'token-revoked' })
    expect(await send()).toMatchObject({ errcode: 40014 })
    expect(await send()).toMatchObject({ errcode: 0 })
  })

  test('by chance, and the same for the same seed', async () => {
    const outcomes = async () => {
      await wecom.control('DELETE', '/calls')
      await wecom.control('POST', '/faults', { seed: 7, share: 0.5, kinds: ['errcode', 'http-502', 'drop-before'] })
      for (let call = 0; call < 20; call++) await wecom.raw('gettoken', {}).catch(() => {})
      const calls = await wecom.control<{ outcome: string }[]>('GET', '/calls')
      return calls.map(({ outcome }) => outcome)
    }
    const first = await outcomes()
    expect(first.filter(Boolean).length).toBeGreaterThan(4)
    expect(new Set(first)).toEqual(new Set(['', 'errcode', 'http 502', 'dropped before']))
    expect(await outcomes()).toEqual(first)
    await wecom.control('DELETE', '/faults')
    expect(await send()).toMatchObject({ errcode: 0 })
  })

  test('down until told otherwise; the log knows what happened', async () => {
    await wecom.control('POST', '/faults', { downSeconds: 600 })
    await expect(wecom.raw('gettoken', {})).rejects.toThrow()
    await wecom.control('DELETE', '/faults')
    await send()
    const calls = await wecom.control<{ outcome: string; errcode: number | null; path: string }[]>('GET', '/calls')
    expect(calls.map(({ path, outcome, errcode }) => [path, outcome, errcode])).toEqual([
      ['/cgi-bin/gettoken', 'down', null],
      ['/cgi-bin/gettoken', '', 0],
      ['/cgi-bin/message/send', 'delivered 1 of 1', 0],
    ])
  })

  test('nonsense is refused with a reason', async () => {
    expect(await fault({ kind: 'earthquake' })).toEqual({ error: expect.stringContaining('kind must be one of') })
    expect(await wecom.control('POST', '/phones/ghost/clipboard', { text: 'x' })).toEqual({
      error: 'no person with userid ghost',
    })
  })
})

test('the clock can be moved: codes and tokens age with it', async () => {
  const wecom = await aSimulator()
  try {
    const { code } = await wecom.control<{ code: string }>('POST', '/codes', { userid: 'lisi' })
    await wecom.control('POST', '/clock', { offsetMs: 6 * 60_000 })
    expect(await wecom.call('auth/getuserinfo', { code })).toMatchObject({ errcode: 40029 })
  } finally {
    await wecom.close()
  }
})

test('the domain is verified when the app has the file', async () => {
  const served = new Map<string, string>()
  const app = createServer(({ url }, response) => {
    response.writeHead(served.has(url!) ? 200 : 404).end(served.get(url!))
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const wecom = await aSimulator({ appUrl: `http://localhost:${(app.address() as AddressInfo).port}` })
  try {
    const { file, content } = await wecom.control<{ file: string; content: string }>('GET', '/domain')
    expect(await wecom.control('POST', '/domain/verify')).toEqual({ error: expect.stringContaining('HTTP 404') })
    expect(await wecom.control('GET', '/domain')).toMatchObject({ verified: false })
    served.set(`/${file}`, content)
    expect(await wecom.control('POST', '/domain/verify')).toEqual({ ok: true })
    expect(await wecom.control('GET', '/domain')).toMatchObject({ verified: true })
  } finally {
    await wecom.close()
    app.close()
  }
})

test('everything survives a restart when there is a file, and a reset empties it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
  const dataFile = join(folder, 'demo', 'wecom.db')
  const photo = await sharp({ create: { width: 8, height: 6, channels: 3, background: '#888' } })
    .png()
    .toBuffer()
  try {
    const first = await aSimulator({ dataFile })
    const token = await first.token()
    await first.call('message/send', {}, aCard())
    await first.control('POST', '/phones/zhangsan/clipboard', { text: '文案' })
    await fetch(`${first.url}/__sim/phones/zhangsan/album?name=a.png`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(photo),
    })
    await first.control('POST', '/phones/zhangsan/moments', { text: '上新', kind: 'wecom' })
    await first.control('DELETE', '/people/lisi')
    await first.control('POST', '/faults', { path: '*', kind: 'errcode', errcode: -1 })
    await first.close()

    const second = await aSimulator({ dataFile })
    try {
      const faulty = await second.raw('gettoken', { corpid: second.corp.corpId, corpsecret: second.corp.secret })
      expect(await faulty.json()).toMatchObject({ errcode: -1 })
      expect(await second.token()).toBe(token)
      expect(await inbox(second, 'zhangsan')).toHaveLength(1)
      expect(await second.control('GET', '/phones/zhangsan/clipboard')).toEqual({ text: '文案' })
      expect(await second.control('GET', '/phones/zhangsan/album')).toMatchObject([
        { name: 'a.png', width: 8, height: 6 },
      ])
      expect(await second.control('GET', '/phones/zhangsan/moments')).toMatchObject([{ text: '上新', kind: 'wecom' }])
      expect(await second.call('user/get', { userid: 'lisi' })).toMatchObject({ errcode: 60111 })

      await second.control('POST', '/reset')
      expect(await inbox(second, 'zhangsan')).toHaveLength(0)
      expect(await second.call('user/get', { userid: 'lisi' })).toMatchObject({ errcode: 0, name: '李四' })
    } finally {
      await second.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
