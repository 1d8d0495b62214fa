import { urlOf, type WecomClient, type WecomSettings } from './client.ts'
import { WecomError } from './errors.ts'

export interface LoginRedirect {
  /** On the app's trusted domain; WeCom comes back to it with `code` and `state`. */
  redirectUri: string
  /** Letters and digits, at most 128. */
  state: string
}

type LinkSettings = Pick<WecomSettings, 'corpId' | 'agentId' | 'oauthUrl' | 'loginUrl'>

/** The silent login inside the WeCom client, WECOM.md 2.1. */
export function authorizeUrl(settings: LinkSettings, { redirectUri, state }: LoginRedirect): string {
  const url = urlOf(settings.oauthUrl, '/connect/oauth2/authorize', {
    appid: settings.corpId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'snsapi_base',
    state,
    agentid: settings.agentId,
  })
  url.hash = 'wechat_redirect'
  return url.href
}

/** The page with the QR code for a desktop browser, WECOM.md 2.4. */
export function ssoLoginUrl(settings: LinkSettings, { redirectUri, state }: LoginRedirect): string {
  return urlOf(settings.loginUrl, '/wwlogin/sso/login', {
    login_type: 'CorpApp',
    appid: settings.corpId,
    agentid: settings.agentId,
    redirect_uri: redirectUri,
    state,
    lang: 'zh',
  }).href
}

/** Who stands behind a login code. A `member` need be neither in the app's range nor anybody we know. */
export type LoginIdentity =
  | { kind: 'member'; userid: string }
  | { kind: 'outsider'; externalUserid: string | undefined }
  /** The code was used before, or is older than five minutes: a new login will do. */
  | { kind: 'expired' }

interface IdentityAnswer {
  userid?: string
  external_userid?: string
}

// WECOM.md 2.5
const USED_OR_EXPIRED = new Set([40029, 42003, 42022])

/** Exchanges a login code, once, of the mobile and the desktop login alike, WECOM.md 2.2. */
export async function exchangeCode(client: WecomClient, code: string): Promise<LoginIdentity> {
  try {
    const { userid, external_userid } = await client.call<IdentityAnswer>({
      method: 'GET',
      path: '/cgi-bin/auth/getuserinfo',
      query: { code },
    })
    // `CorpId/userid` is a member of a linked corp: an outsider, however like a colleague's the second half looks.
    if (userid && !userid.includes('/')) return { kind: 'member', userid }
    return { kind: 'outsider', externalUserid: external_userid ?? userid }
  } catch (error) {
    if (error instanceof WecomError && USED_OR_EXPIRED.has(error.errcode)) return { kind: 'expired' }
    throw error
  }
}
