import type { WecomError } from '@qimeng/wecom'

/** Why one person of a batch was not reached, as WeCom's lists and our own checks tell it. */
export const REFUSAL_REASON = {
  invalid: '账号已离职，或不在应用可见范围内',
  unlicensed: '账号没有企业微信接口许可',
  unaddressable: '账号含有无法发送消息的字符',
} as const

/** Of a card that may have arrived, and may not. */
export const NO_ANSWER = '企业微信没有返回结果，可能已送达'

/** By errcode (WECOM.md 3.6), for refusals of a whole call. What an administrator can cure says so itself (`cure`). */
const REASON: Record<number, string> = {
  40003: '账号无效',
  46004: '账号不存在',
  60111: '账号不存在',
  81013: REFUSAL_REASON.invalid,
  45002: '消息内容超过企业微信的长度限制',
}

export const reasonOf = ({ errcode, cure }: WecomError) =>
  cure ?? REASON[errcode] ?? `企业微信拒绝了这条消息（错误码 ${errcode}）`
