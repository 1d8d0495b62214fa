import { describe, expect, it } from 'vitest'
import { agentTicket, corpTicket, signJsapi } from './jsapi.ts'
import { memoryTokenStore } from './tokens.ts'
import { clientFor, wireServer } from './test/wire-server.ts'

describe('signJsapi', () => {
  it('gives the known answer of WECOM.md 5.2', () => {
    const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'
    const fixed = { now: 1_414_587_457_999, nonceStr: 'Wm3WZYTPz0wzccnW' }
    expect(signJsapi(ticket, 'http://mp.weixin.qq.com?params=value', fixed)).toEqual({
      timestamp: 1_414_587_457,
      nonceStr: 'Wm3WZYTPz0wzccnW',
      signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
    })
  })

  it('leaves the fragment out', () => {
    const fixed = { now: 0, nonceStr: 'n' }
    expect(signJsapi('T', 'https://wb.example.com/m/?a=1#/task/2', fixed)).toEqual(
      signJsapi('T', 'https://wb.example.com/m/?a=1', fixed),
    )
  })

  it('never repeats a nonce', () => {
    expect(signJsapi('T', 'https://a').nonceStr).not.toBe(signJsapi('T', 'https://a').nonceStr)
  })
})

describe('tickets', () => {
  it('are two, each fetched once for all processes', async () => {
    const { url, to } = await wireServer(({ path, query }) => {
      const rest = { errcode: 0, errmsg: 'ok', expires_in: 7200 }
      if (path === '/cgi-bin/get_jsapi_ticket') return { ...rest, ticket: 'of-corp' }
      if (path === '/cgi-bin/ticket/get' && query.type === 'agent_config') return { ...rest, ticket: 'of-app' }
    })
    const tokens = memoryTokenStore()
    for (const client of [clientFor(url, { tokens }), clientFor(url, { tokens })]) {
      expect(await Promise.all([corpTicket(client), corpTicket(client), agentTicket(client)])).toEqual([
        'of-corp',
        'of-corp',
        'of-app',
      ])
    }
    expect(to('get_jsapi_ticket')).toHaveLength(1)
    expect(to('ticket/get')).toHaveLength(1)
    expect(to('gettoken')).toHaveLength(1)
  })
})
