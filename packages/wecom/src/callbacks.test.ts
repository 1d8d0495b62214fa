import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerVerification,
  buttonReply,
  CallbackRefused,
  encryptReply,
  readCallback,
  textReply,
  type CallbackRefusalReason,
} from './callbacks.ts'
import { readXml, textOf } from './xml.ts'

// The known answer of WECOM.md 4.4.
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE'
const KNOWN = 'Q3stYC6hdFzMh9T8HCvyDORchGzARlxqyFUOtgi0n8G7Rv5lDsAtOT+2REwVOnLQ3ZXrILnBD1IKzNMJ81PnxA=='
const SIGNATURE = '2fefde01fa7d37daa472772dbab14dbfa3e6118b'
const settings = { token: 'simtoken', encodingAesKey: AES_KEY, corpId: 'wwsimcorp' }
const NOW = 1_700_000_000_000
const signed = { msg_signature: SIGNATURE, timestamp: '1700000000', nonce: 'n1' }

const event = (inner: string): string =>
  `<xml><ToUserName><![CDATA[wwsimcorp]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName>` +
  `<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType>${inner}</xml>`

/** A request as WeCom makes it; what is changed is signed and encrypted all the same. */
function arriving(plain: string, change: { corpId?: string; at?: number; key?: string } = {}) {
  const encrypted = encrypt(change.key ?? AES_KEY, plain, change.corpId ?? settings.corpId)
  const timestamp = String(change.at ?? 1_700_000_000)
  const query = {
    msg_signature: getSignature(settings.token, timestamp, 'n1', encrypted),
    timestamp,
    nonce: 'n1',
  }
  const body = `<xml><ToUserName><![CDATA[wwsimcorp]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
  return { query, body }
}

const read = ({ query, body }: { query: object; body: string }) =>
  readCallback(settings, query as Record<string, unknown>, body, NOW)

function refusal(act: () => unknown): CallbackRefusalReason | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof CallbackRefused) return error.reason
    throw error
  }
}

describe('the known answers of WECOM.md 4.4', () => {
  it('are those of the library', () => {
    expect(encrypt(AES_KEY, '<xml>你好</xml>', 'wwsimcorp', Buffer.from('0123456789abcdef'))).toBe(KNOWN)
    expect(getSignature('simtoken', '1700000000', 'n1', KNOWN)).toBe(SIGNATURE)
  })

  it('open, when WeCom verifies the address', () => {
    expect(answerVerification(settings, { ...signed, echostr: KNOWN }, NOW)).toBe('<xml>你好</xml>')
  })
})

describe('a request is refused', () => {
  const verify = (change: object, more: Partial<typeof settings> = {}, now = NOW) =>
    refusal(() => answerVerification({ ...settings, ...more }, { ...signed, echostr: KNOWN, ...change }, now))

  it.each([
    ['without a signature', { msg_signature: undefined }],
    ['with a parameter twice', { nonce: ['n1', 'n2'] }],
    ['without anything to decrypt', { echostr: '' }],
  ])('%s', (_, change) => {
    expect(verify(change)).toBe('malformed')
  })

  it.each([
    ['of somebody without the token', {}, { token: 'other' }],
    ['for another text', { echostr: `A${KNOWN}` }, {}],
    ['for another time', { timestamp: '1700000001' }, {}],
    ['of another length', { msg_signature: 'abc' }, {}],
  ])('when its signature is %s', (_, change, more) => {
    expect(verify(change, more)).toBe('signature')
  })

  it('when it was signed more than ten minutes ago, or in a future that far', () => {
    expect(verify({}, {}, NOW + 600_000)).toBeUndefined()
    expect(verify({}, {}, NOW + 601_000)).toBe('timestamp')
    expect(verify({}, {}, NOW - 601_000)).toBe('timestamp')
    const timestamp = '1e99x'
    const msg_signature = getSignature('simtoken', timestamp, 'n1', KNOWN)
    expect(verify({ timestamp, msg_signature })).toBe('timestamp')
  })

  it('when it is encrypted with another key', () => {
    const key = 'A'.repeat(42) + 'E'
    expect(['cipher', 'corp']).toContain(refusal(() => read(arriving(event(''), { key }))))
    const echostr = 'bm90IGEgYmxvY2s='
    const msg_signature = getSignature('simtoken', '1700000000', 'n1', echostr)
    expect(verify({ echostr, msg_signature })).toBe('cipher')
  })

  it('when it was meant for another corp', () => {
    expect(refusal(() => read(arriving(event('<Event>enter_agent</Event>'), { corpId: 'wwother' })))).toBe('corp')
  })

  it.each([
    ['no XML', 'ok'],
    ['XML without an event', '<xml></xml>'],
    ['an event of nobody', '<xml><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>subscribe</Event></xml>'],
    ['a click without its card', event('<Event>template_card_event</Event>')],
    ['a change of nobody', event('<Event>change_contact</Event><ChangeType>delete_user</ChangeType>')],
  ])('when inside is %s', (_, plain) => {
    expect(refusal(() => read(arriving(plain)))).toBe('malformed')
  })

  it('when it comes with a DOCTYPE, outside or inside (XXE, entity bombs)', () => {
    const doctype = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;&a;&a;">]>'
    expect(refusal(() => read({ ...arriving(''), body: `${doctype}<xml><Encrypt>&b;</Encrypt></xml>` }))).toBe(
      'malformed',
    )
    expect(refusal(() => read(arriving(doctype + event('<Event>&b;</Event>'))))).toBe('malformed')
    expect(refusal(() => read(arriving(event('<Event>&b;</Event>'))))).toBe('malformed')
  })

  it('and never breaks anything else, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (body, text) => {
        expect(refusal(() => readCallback(settings, signed, body, NOW))).toBe('malformed')
        expect(refusal(() => read(arriving(text)))).toBe('malformed')
      }),
    )
  })

  it('but a wrong key of ours is our mistake', () => {
    expect(() => answerVerification({ ...settings, encodingAesKey: 'short' }, { ...signed, echostr: KNOWN })).toThrow(
      RangeError,
    )
  })
})

describe('the events of WECOM.md 4.6', () => {
  const understood = (inner: string) => read(arriving(event(inner))).event

  it('somebody opens the app, comes into its range, or falls out of it', () => {
    const enter = '<Event><![CDATA[enter_agent]]></Event><EventKey><![CDATA[]]></EventKey><AgentID>1000002</AgentID>'
    expect(read(arriving(event(enter)))).toMatchObject({
      userId: 'zhangsan',
      createdAt: NOW,
      event: { kind: 'enter_agent' },
    })
    expect(understood('<Event><![CDATA[subscribe]]></Event>')).toEqual({ kind: 'subscribe' })
    expect(understood('<Event><![CDATA[unsubscribe]]></Event>')).toEqual({ kind: 'unsubscribe' })
  })

  it('a click on a card, with what was selected', () => {
    expect(
      understood(
        `<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[later:42]]></EventKey>
<TaskId><![CDATA[mt-42-b001-0]]></TaskId><CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[RC2]]></ResponseCode><AgentID>1000002</AgentID>
<SelectedItems><SelectedItem><QuestionKey><![CDATA[q1]]></QuestionKey><OptionIds><OptionId><![CDATA[o1]]></OptionId></OptionIds></SelectedItem></SelectedItems>`,
      ),
    ).toEqual({
      kind: 'template_card_event',
      taskId: 'mt-42-b001-0',
      eventKey: 'later:42',
      cardType: 'button_interaction',
      responseCode: 'RC2',
      selected: [{ questionKey: 'q1', optionIds: ['o1'] }],
    })
  })

  it.each([
    [
      '<ChangeType>update_user</ChangeType><UserID><![CDATA[zhangsan]]></UserID><NewUserID><![CDATA[zhangsan01]]></NewUserID><Name><![CDATA[张三]]></Name>',
      { type: 'update_user', userId: 'zhangsan', newUserId: 'zhangsan01', name: '张三' },
    ],
    [
      '<ChangeType>create_user</ChangeType><UserID>lisi</UserID>',
      { type: 'create_user', userId: 'lisi', newUserId: undefined, name: undefined },
    ],
    ['<ChangeType>delete_user</ChangeType><UserID>lisi</UserID>', { type: 'delete_user', userId: 'lisi' }],
    ['<ChangeType>create_party</ChangeType><Id>7</Id>', { type: 'create_party', departmentId: 7 }],
    ['<ChangeType>update_tag</ChangeType><TagId>3</TagId>', { type: 'update_tag', tagId: 3 }],
  ])('a change of the contacts, with reduced fields', (inner, change) => {
    expect(understood(`<Event><![CDATA[change_contact]]></Event>${inner}`)).toEqual({ kind: 'change_contact', change })
  })

  it('a text somebody writes, DOCTYPE and all', () => {
    const content = '收到 <!DOCTYPE x> & &amp;'
    const plain = event('').replace(
      '<MsgType><![CDATA[event]]></MsgType>',
      `<MsgType>text</MsgType><Content><![CDATA[${content}]]></Content><MsgId>77</MsgId>`,
    )
    expect(read(arriving(plain))).toMatchObject({ key: 'msg:77', event: { kind: 'text', content } })
  })

  it('others are taken note of', () => {
    expect(understood('<Event><![CDATA[inactive_alert]]></Event>')).toEqual({ kind: 'other', name: 'inactive_alert' })
    expect(understood('<Event>change_contact</Event><ChangeType>new_one</ChangeType>')).toMatchObject({ kind: 'other' })
  })
})

describe('the key of an event', () => {
  const keyOf = (inner: string) => read(arriving(event(inner))).key
  const left = (userid: string) =>
    `<Event>change_contact</Event><ChangeType>delete_user</ChangeType><UserID>${userid}</UserID>`

  it('is the same when WeCom repeats it', () => {
    expect(keyOf(left('lisi'))).toBe(keyOf(left('lisi')))
  })

  it('differs for two people who leave in the same second', () => {
    expect(keyOf(left('lisi'))).not.toBe(keyOf(left('wangwu')))
  })
})

describe('encryptReply', () => {
  const opened = (reply: string) => {
    const xml = readXml(reply)
    const field = (name: string) => textOf(xml, name)!
    const encrypted = field('Encrypt')
    expect(field('MsgSignature')).toBe(getSignature('simtoken', field('TimeStamp'), field('Nonce'), encrypted))
    return decrypt(AES_KEY, encrypted)
  }

  it('is the wire form of WECOM.md 4.5', () => {
    const { message, id } = opened(encryptReply(settings, '<xml>你好</xml>', NOW))
    expect([message, id]).toEqual(['<xml>你好</xml>', 'wwsimcorp'])
  })

  it('carries a text, or disables the buttons of a card', () => {
    const text = readXml(opened(encryptReply(settings, textReply(settings, 'lisi', 'a]]>b', NOW), NOW)).message)
    expect(
      ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Content'].map((name) => textOf(text, name)),
    ).toEqual(['lisi', 'wwsimcorp', '1700000000', 'text', 'a]]>b'])
    expect(buttonReply(settings, 'lisi', '已完成', NOW)).toContain(
      '<MsgType><![CDATA[update_button]]></MsgType><Button><ReplaceName><![CDATA[已完成]]></ReplaceName></Button>',
    )
  })
})
