import { randomBytes, timingSafeEqual } from 'node:crypto'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import { eventIn, eventKeyOf, type WecomEvent } from './events.ts'
import { cdata, readXml, textOf, XmlError, type XmlElement } from './xml.ts'

/** As entered in WeCom's backend under 接收消息 (WECOM.md 4.1). */
export interface CallbackSettings {
  /** Up to 32 letters and digits. */
  token: string
  /** Exactly 43 letters and digits. */
  encodingAesKey: string
  corpId: string
}

/** The query parameters of a request as they came, decoded once; nobody has looked at them yet. */
export type CallbackQuery = Readonly<Record<string, unknown>>

/**
 * Why a request is not from WeCom, or not for us:
 * - `malformed`: a parameter or the XML is missing or broken
 * - `signature`: not made with our token
 * - `timestamp`: signed too long ago, or in the future
 * - `cipher`: cannot be decrypted with our key
 * - `corp`: meant for another corp
 */
export type CallbackRefusalReason = 'malformed' | 'signature' | 'timestamp' | 'cipher' | 'corp'

/** A callback that must not have any effect. */
export class CallbackRefused extends Error {
  override readonly name = 'CallbackRefused'
  readonly reason: CallbackRefusalReason

  constructor(reason: CallbackRefusalReason, options?: { cause: unknown }) {
    super(`callback refused: ${reason}`, options)
    this.reason = reason
  }
}

/** A message or event as it came, decrypted and checked. */
export interface WecomCallback {
  /** The same whenever WeCom sends the same thing again: work on each key once. */
  key: string
  /** Who did it; `sys` for changes of the contacts. */
  userId: string
  /** Epoch milliseconds; WeCom tells seconds. */
  createdAt: number
  event: WecomEvent
}

/** Room for clocks that differ and for WeCom's own retries; within it, `key` is what stops a replay. */
const WINDOW_MS = 10 * 60_000

/** GET: WeCom checks our address. Answer exactly this text, within a second, with nothing around it (WECOM.md 4.2). */
export function answerVerification(settings: CallbackSettings, query: CallbackQuery, now = Date.now()): string {
  return open(settings, query, query.echostr, now)
}

/**
 * POST: a message or an event (WECOM.md 4.3). `body` is the request's text. Acknowledge with an empty 200 within five
 * seconds and work afterwards: WeCom repeats what takes longer, three times in all.
 */
export function readCallback(
  settings: CallbackSettings,
  query: CallbackQuery,
  body: string,
  now = Date.now(),
): WecomCallback {
  const plain = open(settings, query, textOf(parse(body), 'Encrypt'), now)
  const xml = parse(plain)
  const userId = textOf(xml, 'FromUserName')
  const createdAt = Number(textOf(xml, 'CreateTime')) * 1000
  const event = eventIn(xml)
  if (!userId || !Number.isFinite(createdAt) || !event) throw new CallbackRefused('malformed')
  return { key: eventKeyOf(xml), userId, createdAt, event }
}

/** Encrypts an answer to a message or a click, to be sent as the body of the response (WECOM.md 4.5). */
export function encryptReply(settings: CallbackSettings, xml: string, now = Date.now()): string {
  const encrypted = encrypt(checkedKey(settings), xml, settings.corpId)
  const timestamp = Math.floor(now / 1000)
  const nonce = randomBytes(8).toString('hex')
  const signature = getSignature(settings.token, timestamp, nonce, encrypted)
  return (
    `<xml><Encrypt>${cdata(encrypted)}</Encrypt><MsgSignature>${cdata(signature)}</MsgSignature>` +
    `<TimeStamp>${timestamp}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`
  )
}

/** The inner XML of a text as answer; at most 2048 bytes are shown. */
export const textReply = (settings: CallbackSettings, userId: string, content: string, now = Date.now()): string =>
  reply(settings, userId, now, 'text', `<Content>${cdata(content)}</Content>`)

/** The inner XML that answers a click by disabling the card's buttons on this person's phone. */
export const buttonReply = (settings: CallbackSettings, userId: string, caption: string, now = Date.now()): string =>
  reply(settings, userId, now, 'update_button', `<Button><ReplaceName>${cdata(caption)}</ReplaceName></Button>`)

function reply({ corpId }: CallbackSettings, userId: string, now: number, type: string, inner: string): string {
  return (
    `<xml><ToUserName>${cdata(userId)}</ToUserName><FromUserName>${cdata(corpId)}</FromUserName>` +
    `<CreateTime>${Math.floor(now / 1000)}</CreateTime><MsgType>${cdata(type)}</MsgType>${inner}</xml>`
  )
}

/** Signature first, since whatever stands beside a wrong one is anybody's; then time, cipher and corp. */
function open(settings: CallbackSettings, query: CallbackQuery, encrypted: unknown, now: number): string {
  const { msg_signature: signature, timestamp, nonce } = query
  if (!isText(signature) || !isText(timestamp) || !isText(nonce) || !isText(encrypted)) {
    throw new CallbackRefused('malformed')
  }
  const key = checkedKey(settings)
  const expected = Buffer.from(getSignature(settings.token, timestamp, nonce, encrypted))
  const given = Buffer.from(signature.toLowerCase())
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new CallbackRefused('signature')
  // Written so that a timestamp which is no number is outside of the window, too.
  if (!(Math.abs(Number(timestamp) * 1000 - now) <= WINDOW_MS)) throw new CallbackRefused('timestamp')
  const { message, id } = decipher(key, encrypted)
  // The cipher's library hands the id out without a look at it (WECOM.md 4.4).
  if (id !== settings.corpId) throw new CallbackRefused('corp')
  return message
}

function decipher(key: string, encrypted: string): { message: string; id: string } {
  try {
    return decrypt(key, encrypted)
  } catch (cause) {
    throw new CallbackRefused('cipher', { cause })
  }
}

/** A key of the wrong length is our own mistake, and must not look like a stranger's. */
function checkedKey({ encodingAesKey }: CallbackSettings): string {
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAesKey)) throw new RangeError('EncodingAESKey must be 43 letters and digits')
  return encodingAesKey
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

function parse(text: string): XmlElement {
  try {
    return readXml(text)
  } catch (cause) {
    if (cause instanceof XmlError) throw new CallbackRefused('malformed', { cause })
    throw cause
  }
}
