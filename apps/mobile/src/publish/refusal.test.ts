import { expect, it } from 'vitest'
import { refusalInWords } from './refusal.ts'

it.each([
  ['shareToExternalMoments:permission denied', '你还没有发表到企业微信朋友圈的权限，请联系管理员'],
  ['shareToExternalMoments:no permission', '你还没有发表到企业微信朋友圈的权限，请联系管理员'],
  ['agentConfig:functionnotexist', '当前企业微信版本不支持，请更新'],
  ['ww.shareToExternalMoments is not a function', '当前企业微信版本不支持，请更新'],
  ['shareToExternalMoments:invalid text size', '文案超过了企业微信朋友圈的长度'],
  ['shareToExternalMoments:invalid attachments msgtype', '图片或链接不符合企业微信朋友圈的要求'],
  ['agentConfig:invalid signature', '企业微信没有认出这个应用，请联系管理员'],
  ['Failed to fetch dynamically imported module', '网络不可用'],
])('tells %s in Chinese', (detail, words) => {
  expect(refusalInWords(detail)).toBe(words)
})

it.each(['', 'shareToExternalMoments:fail', 'system error 42'])('has a general sentence for %o', (detail) => {
  expect(refusalInWords(detail)).toMatch(/^企业微信没有说明原因/)
})
