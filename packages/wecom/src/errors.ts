/**
 * What to do about a refusal, told by the errcode alone (WECOM.md 0.2: never by HTTP status or errmsg).
 * - `retry`: WeCom is busy or we are too fast; the same call later
 * - `token`: the client has already fetched a new token and tried again, in vain
 * - `config`: no call will succeed before an administrator changes something; `cure` says what
 * - `recipient`: about the person, department or tag named in the call, or a login code used up; other calls are fine
 * - `bug`: we sent what WeCom does not accept
 */
export type WecomErrorKind = 'retry' | 'token' | 'config' | 'recipient' | 'bug'

// WECOM.md 3.6, completed from the code tables in 1.2, 2.2, 2.3, 3, 5, 6 and 8.
const CODES: Record<Exclude<WecomErrorKind, 'bug' | 'config'>, readonly number[]> = {
  retry: [-1, 6000, 45009, 45033],
  token: [40014, 42001],
  recipient: [40003, 40029, 40068, 42003, 42022, 46004, 50002, 60003, 60111, 60123, 81013, 84014, 84015],
}

/** What an administrator has to do, in the words of WeCom's own management pages (企业微信管理后台). */
const CURES: Record<number, string> = {
  40001:
    '应用的 Secret 不正确、已被重置，或与企业 ID 不匹配。请在企业微信管理后台的应用详情页重新查看 Secret，并更新服务器配置。',
  40013: '企业 ID 不正确。请在企业微信管理后台「我的企业」页面底部查看企业 ID，并更新服务器配置。',
  40056: '应用的 AgentId 不存在。请在应用详情页查看 AgentId，并更新服务器配置。',
  40091: '应用的 Secret 可能属于另一家企业。请核对企业 ID 与 Secret，并更新服务器配置。',
  40093: 'JS-SDK 票据与应用不匹配。请核对 AgentId 与 Secret 是否属于同一个应用。',
  41002: '没有配置企业 ID。请在服务器配置中填写。',
  41004: '没有配置应用的 Secret。请在服务器配置中填写。',
  42012: 'JS-SDK 票据与应用不匹配。请核对 AgentId 与 Secret 是否属于同一个应用。',
  43012: '应用没有设置接收消息的回调地址。请在应用详情页「接收消息」中设置 API 接收。',
  48002:
    '应用没有调用此接口的权限。请在企业微信管理后台为该应用开通相应权限（客户联系类接口在「客户联系」的「可调用接口的应用」中设置）。',
  48006: '应用因长期未使用已被停用接口。请在企业微信管理后台重新启用该应用。',
  48009: '通讯录同步的 Secret 不能从新的 IP 读取成员详情。请改用自建应用的 Secret。',
  50001:
    '登录回调域名不是应用的可信域名。请在应用详情页「网页授权及 JS-SDK」中设置可信域名，与访问地址的域名及端口完全一致。',
  50003: '应用已被停用。请在企业微信管理后台启用该应用。',
  60011: '应用没有查看这些成员或部门的权限。请在应用详情页调整可见范围。',
  60020: '服务器的出口 IP 不在应用的「企业可信IP」中。请在应用详情页的「企业可信IP」中添加，约一分钟后生效。',
  80001: '可信域名未备案或校验未通过。请在应用详情页检查可信域名。',
  85005: '可信域名没有完成归属校验，JS-SDK 受限。请在应用详情页下载校验文件并完成校验。',
  301002: 'AgentId 与 Secret 不属于同一个应用。请核对服务器配置。',
  701008: '企业的接口许可不足或已过期。请联系企业微信管理员处理接口许可。',
  701016: '企业的接口许可不足或已过期。请联系企业微信管理员处理接口许可。',
  701099: '企业的接口许可不足或已过期。请联系企业微信管理员处理接口许可。',
}

/**
 * The kind of an errcode. A code nobody told us of is a `bug`: WeCom did refuse, so nothing is ambiguous, and a person
 * reading the code today beats hours of blind repetition.
 */
export function kindOf(errcode: number): WecomErrorKind {
  if (errcode in CURES) return 'config'
  for (const [kind, codes] of Object.entries(CODES)) if (codes.includes(errcode)) return kind as keyof typeof CODES
  return 'bug'
}

/** WeCom read the call and refused it: certainly nothing was done. */
export class WecomError extends Error {
  override readonly name = 'WecomError'
  readonly kind: WecomErrorKind
  readonly errcode: number
  readonly errmsg: string
  /** For `config` errors: what an administrator has to do, in Chinese, ready to be shown. */
  readonly cure: string | undefined
  readonly #answer: object

  constructor(path: string, errcode: number, errmsg: string, answer: object = {}) {
    super(`WeCom refused ${path}: ${errcode} ${errmsg}`)
    this.#answer = answer
    this.kind = kindOf(errcode)
    this.errcode = errcode
    this.errmsg = errmsg
    this.cure = cureOf(errcode, errmsg)
  }

  /** The whole of it, for some refusals name people. No property of the error, so that these do not fill the log. */
  get answer(): object {
    return this.#answer
  }
}

function cureOf(errcode: number, errmsg: string): string | undefined {
  const cure = CURES[errcode]
  // The one fact only the message knows: which of our addresses to add (WECOM.md 1.2).
  const ip = errcode === 60020 ? /from ip: ([\da-fA-F.:]+)/.exec(errmsg)?.[1] : undefined
  return ip ? `${cure}（本服务器的出口 IP 是 ${ip}）` : cure
}

/** No readable answer. */
export class WecomUnreachable extends Error {
  override readonly name = 'WecomUnreachable'
  readonly reason: string
  /** True once WeCom may have received the call, and so may have done it; false when it certainly has not. */
  readonly ambiguous: boolean

  constructor(reason: string, { ambiguous, cause }: { ambiguous: boolean; cause?: unknown }) {
    super(`WeCom is out of reach: ${reason}`, { cause })
    this.reason = reason
    this.ambiguous = ambiguous
  }
}
