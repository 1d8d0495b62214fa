import { SEND_SCOPE_LABEL, type SendScope } from '@qimeng/contract/limits'

/** 「全部（企业微信和微信朋友圈）」 would take the width of two columns; the whole name stands in its tooltip. */
export const SCOPE_SHORT: Record<SendScope, string> = { ...SEND_SCOPE_LABEL, all: '企业微信 + 微信' }
