import type { SendScope } from '@qimeng/contract/limits'

/** Short enough for a list; the detail page has the whole words of the contract. */
export const SHORT_SCOPE: Record<SendScope, string> = {
  wechat: '微信朋友圈',
  wecom: '企业微信朋友圈',
  all: '企业微信 + 微信',
}
