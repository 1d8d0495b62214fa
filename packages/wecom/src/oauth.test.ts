import { describe, expect, it } from 'vitest'
import { authorizeUrl, exchangeCode, ssoLoginUrl } from './oauth.ts'
import { clientFor, refusal, wireServer } from './test/wire-server.ts'

const redirect = { redirectUri: 'https://wb.example.com/m/login?a=1', state: '0123abcd' }
const settings = {
  corpId: 'wwcorp',
  agentId: 1000002,
  oauthUrl: 'https://open.weixin.qq.com',
  loginUrl: 'https://login.work.weixin.qq.com/',
}

describe('login links', () => {
  it('lead into the silent login of the WeCom client (WECOM.md 2.1)', () => {
    expect(authorizeUrl(settings, redirect)).toBe(
      'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wwcorp' +
        '&redirect_uri=https%3A%2F%2Fwb.example.com%2Fm%2Flogin%3Fa%3D1' +
        '&response_type=code&scope=snsapi_base&state=0123abcd&agentid=1000002#wechat_redirect',
    )
  })

  it('lead to the QR code for a desktop browser (WECOM.md 2.4)', () => {
    expect(ssoLoginUrl(settings, redirect)).toBe(
      'https://login.work.weixin.qq.com/wwlogin/sso/login?login_type=CorpApp&appid=wwcorp&agentid=1000002' +
        '&redirect_uri=https%3A%2F%2Fwb.example.com%2Fm%2Flogin%3Fa%3D1&state=0123abcd&lang=zh',
    )
  })
})

describe('exchangeCode', () => {
  const exchange = async (answer: object): Promise<unknown> => {
    const { url, to } = await wireServer(({ path }) => (path === '/cgi-bin/gettoken' ? undefined : answer))
    const identity = await exchangeCode(clientFor(url), 'THE-CODE')
    expect(to('auth/getuserinfo')[0]!.query).toEqual({ access_token: 'token-1', code: 'THE-CODE' })
    return identity
  }
  const ok = { errcode: 0, errmsg: 'ok' }

  it('knows a member', async () => {
    expect(await exchange({ ...ok, userid: 'zhangsan', user_ticket: 'UT' })).toEqual({
      kind: 'member',
      userid: 'zhangsan',
    })
  })

  it('knows an outsider', async () => {
    const answer = { ...ok, openid: 'OPENID', external_userid: 'wm1' }
    expect(await exchange(answer)).toEqual({ kind: 'outsider', externalUserid: 'wm1' })
    expect(await exchange({ ...ok, openid: 'OPENID' })).toEqual({ kind: 'outsider', externalUserid: undefined })
  })

  it('takes a member of a linked corp for an outsider', async () => {
    expect(await exchange({ ...ok, userid: 'wwother/zhangsan' })).toMatchObject({ kind: 'outsider' })
  })

  it('says that a code was used or is too old', async () => {
    expect(await exchange(refusal(40029, 'invalid code'))).toEqual({ kind: 'expired' })
  })

  it('passes every other refusal on', async () => {
    await expect(exchange(refusal(50001, 'redirect_url domain not authorized'))).rejects.toMatchObject({
      kind: 'config',
    })
  })
})
