/** What WeCom's client or our server says when the composer does not open, without its spaces and in lower case. */
const KNOWN: readonly [RegExp, string][] = [
  [/permission|accessdenied|notallow/, '你还没有发表到企业微信朋友圈的权限，请联系管理员'],
  [/not_?exist|notsupport|unsupported|isnotafunction/, '当前企业微信版本不支持，请更新'],
  [/invalidtextsize/, '文案超过了企业微信朋友圈的长度'],
  [/invalidattachments/, '图片或链接不符合企业微信朋友圈的要求'],
  [/timeout|timedout/, '企业微信没有回应'],
  [/network|fetch/, '网络不可用'],
  [/signature|config:/, '企业微信没有认出这个应用，请联系管理员'],
]

const OTHER = '企业微信没有说明原因，如果一直这样，请联系管理员'

/** The reason for the person at the screen, whose words it must be in: the client answers in English (WECOM.md 5.5). */
export function refusalInWords(detail: string): string {
  const plain = detail.toLowerCase().replaceAll(/\s/g, '')
  return KNOWN.find(([pattern]) => pattern.test(plain))?.[1] ?? OTHER
}
