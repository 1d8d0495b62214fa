import { Refusal } from '../refusal.ts'

/**
 * Why a page was not read. Whether an internal host exists is nobody's business: an address that may not be visited and
 * one where nobody answers read the same.
 */
const SENTENCES = {
  unreachable: '无法打开这个链接，请检查地址（内网地址不能获取），也可以手动填写标题和封面',
  port: '只能获取 80、443 端口上的网页，请手动填写标题和封面',
  redirects: '这个链接跳转次数太多，请换成最终的网页地址，或手动填写标题和封面',
  failed: '这个网页返回了错误，请检查地址，也可以手动填写标题和封面',
  notPage: '这个链接不是网页，请手动填写标题和封面',
  tooLarge: '这个网页太大，没有读到标题，请手动填写标题和封面',
  slow: '网页打开超时，请稍后重试，也可以手动填写标题和封面',
} as const

/** A stranger's page that gave us nothing, told under the field 链接地址. */
export class Unreadable extends Refusal {
  readonly reason: keyof typeof SENTENCES

  constructor(reason: keyof typeof SENTENCES, cause?: unknown) {
    const message = SENTENCES[reason]
    super('invalid', message, { issues: [{ path: ['url'], message }], cause })
    this.name = 'Unreadable'
    this.reason = reason
  }
}
