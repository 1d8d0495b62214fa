import { encryptReply, type CallbackSettings } from '@qimeng/wecom'
import { MINUTE, SECOND } from '@qimeng/contract'
import axios from 'axios'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../test/world.ts'
import { AES_KEY, listenHere, startListeningWorld, TOKEN } from './listening.fixture.ts'
import { CALLBACK_PATH } from './routes.ts'

let world: World
beforeAll(async () => void (world = await startListeningWorld()))
afterAll(() => world.stop())

const events = () => world.parts.db.selectFrom('callbackEvents').selectAll().orderBy('receivedAt').execute()
const pathOf = (query: Record<string, string>) => `${CALLBACK_PATH}?${new URLSearchParams(query)}`

describe('the address', () => {
  it('is verified by WeCom when it is saved, and by nobody with other secrets', async () => {
    expect(await listenHere(world)).toEqual({ ok: true })
    expect((await events()).map(({ kind }) => kind)).toContain('verification')
    const url = world.publicUrl + CALLBACK_PATH
    await expect(world.wecom.listenAt({ url, token: 'another', aesKey: AES_KEY })).rejects.toThrow('400')
    await expect(world.wecom.listenAt({ url, token: TOKEN, aesKey: 'A'.repeat(43) })).rejects.toThrow('400')
  })

  it('does not exist without the two secrets', async () => {
    const deaf = await startWorld()
    try {
      expect((await deaf.browser().get(CALLBACK_PATH)).status).toBe(404)
    } finally {
      await deaf.stop()
    }
  })
})

describe('an event', () => {
  it('is acknowledged within a second, also when many come at once', async () => {
    const first = (await world.wecom.told()).length
    const told = async () => (await world.wecom.told()).slice(first)
    const slowestOfMany = async () => {
      const before = (await told()).length
      const burst = Array.from({ length: 60 }, (_, n) => {
        const fields = { UserID: `person${before + n}` }
        return world.wecom.tell({ event: 'change_contact', changeType: 'update_user', fields })
      })
      await Promise.all(burst)
      const fresh = (await told()).slice(before)
      return Math.max(...fresh.map(({ attempts }) => attempts[0]!.ms))
    }
    // A machine that does other things may be slow once; a server that works first and answers then is slow each time.
    await expect.poll(slowestOfMany, { timeout: 60_000 }).toBeLessThan(SECOND)
    const all = await told()
    expect(all.length % 60).toBe(0)
    expect(all.every(({ outcome, attempts }) => outcome === 'delivered' && attempts.length === 1)).toBe(true)
  })

  it('is written down once, however often WeCom brings it or somebody who has listened', async () => {
    await listenHere(world, { duplicates: 2 })
    const told = async () => (await events()).filter(({ kind }) => kind !== 'verification').length
    const before = await told()
    const { id } = await world.wecom.tell({ event: 'subscribe', userid: 'lisi' })
    await world.wecom.tellAgain(id)
    expect(await world.wecom.tellAgain(id, true)).toMatchObject({ status: 200 })
    await listenHere(world)
    expect(await told()).toBe(before + 1)
  })

  it('that concerns nobody is acknowledged and forgotten', async () => {
    const before = await events()
    const xml = '<xml><FromUserName>lisi</FromUserName><CreateTime>1</CreateTime><MsgType>image</MsgType></xml>'
    expect(await world.wecom.tell({ event: 'xml', xml })).toMatchObject({ outcome: 'delivered' })
    expect(await events()).toEqual(before)
  })
})

describe('a stranger', () => {
  const ours = (): CallbackSettings => ({ token: TOKEN, encodingAesKey: AES_KEY, corpId: world.wecom.corp.corpId })
  const event = (extra = '') =>
    `<xml><FromUserName>lisi</FromUserName><CreateTime>1700000000</CreateTime><MsgType>event</MsgType>` +
    `<Event>subscribe</Event>${extra}</xml>`
  const textIn = (xml: string, name: string) =>
    new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:]]>)?</${name}>`).exec(xml)![1]!

  /** A request as WeCom would make it with these settings. */
  function forge(
    settings: CallbackSettings,
    { xml = event(), now = world.clock.now(), wrap = (inner: string) => inner },
  ) {
    const sealed = encryptReply(settings, xml, now)
    const query = {
      msg_signature: textIn(sealed, 'MsgSignature'),
      timestamp: textIn(sealed, 'TimeStamp'),
      nonce: textIn(sealed, 'Nonce'),
    }
    return { query, body: wrap(`<Encrypt>${textIn(sealed, 'Encrypt')}</Encrypt>`) }
  }
  const post = (path: string, body: string) =>
    axios.post(world.publicUrl + path, body, {
      headers: { 'content-type': 'text/xml' },
      proxy: false,
      validateStatus: () => true,
    })
  const inXml = (inner: string) => `<xml>${inner}</xml>`

  it('has the right form here, so that each refusal below has one reason alone', async () => {
    const { query, body } = forge(ours(), { xml: event('<EventKey>genuine</EventKey>'), wrap: inXml })
    expect((await post(pathOf(query), body)).status).toBe(200)
  })

  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
  const entity = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
  it.each<[string, () => { query: Record<string, string>; body: string }]>([
    ['signs with another token', () => forge({ ...ours(), token: 'guessed' }, { wrap: inXml })],
    ['encrypts with another key', () => forge({ ...ours(), encodingAesKey: 'A'.repeat(43) }, { wrap: inXml })],
    ['speaks for another corp', () => forge({ ...ours(), corpId: 'wwanother' }, { wrap: inXml })],
    [
      'replays what was signed eleven minutes ago',
      () => forge(ours(), { now: world.clock.now() - 11 * MINUTE, wrap: inXml }),
    ],
    ['signs ahead of time', () => forge(ours(), { now: world.clock.now() + 11 * MINUTE, wrap: inXml })],
    ['reaches for a file', () => forge(ours(), { wrap: (inner) => `${entity}<xml>${inner}<A>&f;</A></xml>` })],
    ['reaches for a file inside', () => forge(ours(), { xml: entity + event('<A>&f;</A>'), wrap: inXml })],
    ['brings an entity bomb', () => forge(ours(), { xml: bomb + event('<A>&b;</A>'), wrap: inXml })],
    ['brings no XML', () => ({ ...forge(ours(), { wrap: inXml }), body: '{"xml":{}}' })],
    ['brings nothing', () => ({ ...forge(ours(), { wrap: inXml }), body: '' })],
    ['signs nothing', () => ({ ...forge(ours(), { wrap: inXml }), query: {} })],
    [
      'gives a parameter twice',
      () => {
        const { query, body } = forge(ours(), { wrap: inXml })
        return {
          query: { ...query, 'nonce[]': 'x' } as Record<string, string>,
          body: body.replace('</xml>', '<a></xml>'),
        }
      },
    ],
  ])('who %s has no effect', async (_what, make) => {
    const before = await events()
    const { query, body } = make()
    expect((await post(pathOf(query), body)).status).toBe(403)
    expect(await events()).toEqual(before)
  })

  it('with a huge body is cut off', async () => {
    const { query } = forge(ours(), { wrap: inXml })
    expect((await post(pathOf(query), 'x'.repeat(70_000))).status).toBe(413)
  })
})
