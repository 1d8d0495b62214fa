import type { State } from '../state/state.ts'

/** Why a login request is refused, in WeCom's words; undefined when it is right. */
export function refusal(state: State, query: URLSearchParams): { errcode: number; text: string } | undefined {
  if (query.get('appid') !== state.corp.corpId) return { errcode: 40013, text: '参数错误：appid 不是本企业的 CorpID' }
  const redirect = query.get('redirect_uri') ?? ''
  if (!URL.canParse(redirect) || new URL(redirect).host !== new URL(state.appUrl).host) {
    return { errcode: 50001, text: 'redirect_uri 与应用的可信域名不一致（须连同端口完全一致）' }
  }
  if (Buffer.byteLength(query.get('state') ?? '') > 128)
    return { errcode: 40058, text: '参数错误：state 超过 128 字节' }
  return undefined
}

/** `redirect_uri` with code and state appended; no code when the person refused (WECOM.md 2.1, 2.4). */
export function redirectTarget(query: URLSearchParams, code: string | undefined): string {
  const target = new URL(query.get('redirect_uri')!)
  if (code) target.searchParams.append('code', code)
  if (query.has('state')) target.searchParams.append('state', query.get('state')!)
  return target.href
}
