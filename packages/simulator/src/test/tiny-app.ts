import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'

const SDK = readFileSync(new URL(import.meta.resolve('@wecom/jssdk/dist/wecom.js')))

/** The page's scripts are its own files and frames only its own origin's, as a careful product has it. */
const CSP = "default-src 'self'; script-src 'self'; frame-ancestors 'self'"

const PAGE = `<!doctype html><html><head><meta charset="utf-8"><title>小应用</title>
  <link rel="icon" href="data:,"><script type="module" src="/page.js"></script></head>
  <body><h1>小应用</h1><p id="who"></p><input type="file" aria-label="凭证"></body></html>`

const SCRIPT = `
import * as ww from '/sdk.js'
const sign = (as) => async (url) => (await fetch('/sign?as=' + as + '&url=' + encodeURIComponent(url))).json()
window.ww = ww
window.configured = (options) => new Promise((resolve) => ww.register({
  corpId: options.corpId, agentId: options.agentId,
  jsApiList: ['setClipboardData', 'shareToExternalMoments', 'previewImage', 'chooseImage'],
  ...(options.only === 'corp' ? {} : { getAgentConfigSignature: sign(options.agentTicket ?? 'agent') }),
  ...(options.only === 'agent' ? {} : { getConfigSignature: sign('corp') }),
  onConfigSuccess: () => resolve('config ok'), onConfigFail: (e) => resolve('config ' + e.errMsg),
  onAgentConfigSuccess: () => resolve('agentConfig ok'), onAgentConfigFail: (e) => resolve('agentConfig ' + e.errMsg),
}))
document.querySelector('#who').textContent = await (await fetch('/who')).text()
document.body.dataset.ready = 'yes'
`

export interface TinyApp {
  url: string
  /** What arrived: method, path and headers of every request. */
  seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
  /** The simulator the app is configured with; set after it has started. */
  wecom: { url: string; corpId: string; agentId: number; secret: string }
  close(): Promise<void>
}

/** A workbench app in small: OAuth login with a cookie, signatures, the unmodified JS-SDK, a picture, an upload. */
export async function startTinyApp(): Promise<TinyApp> {
  const seen: TinyApp['seen'] = []
  const wecom: TinyApp['wecom'] = { url: '', corpId: '', agentId: 0, secret: '' }
  const picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#d0743c' } })
    .jpeg()
    .toBuffer()

  async function api(path: string, query: Record<string, string> = {}): Promise<Record<string, unknown>> {
    const ask = async (way: string, params: Record<string, string>) =>
      (await (await fetch(`${wecom.url}/cgi-bin/${way}?${new URLSearchParams(params)}`)).json()) as Record<
        string,
        unknown
      >
    const { access_token: token } = await ask('gettoken', { corpid: wecom.corpId, corpsecret: wecom.secret })
    return ask(path, { ...query, access_token: String(token) })
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://app')
    const body = (await buffer(request)).toString('latin1')
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    const send = (type: string, content: string | Buffer, headers = {}) =>
      response.writeHead(200, { 'content-type': type, ...headers }).end(content)
    const redirect = (location: string, headers = {}) => response.writeHead(302, { location, ...headers }).end()
    const loggedIn = /__Host-me=(\S+)/.exec(request.headers.cookie ?? '')?.[1]

    if (url.pathname === '/sdk.js') return void send('text/javascript', SDK)
    if (url.pathname === '/page.js') return void send('text/javascript', SCRIPT)
    if (url.pathname === '/photo.jpg') return void send('image/jpeg', picture)
    if (url.pathname === '/private.jpg' && loggedIn) return void send('image/jpeg', picture)
    if (url.pathname === '/who') return void send('text/plain; charset=utf-8', loggedIn ?? 'nobody')
    if (url.pathname === '/upload') return void send('application/json', JSON.stringify({ length: body.length }))
    if (url.pathname === '/sign') {
      const path = url.searchParams.get('as') === 'corp' ? 'get_jsapi_ticket' : 'ticket/get'
      const { ticket } = await api(path, { type: 'agent_config' })
      const [timestamp, nonceStr, page] = [1_700_000_000, 'n1', url.searchParams.get('url')]
      const text = `jsapi_ticket=${String(ticket)}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`
      const signature = createHash('sha1').update(text).digest('hex')
      return void send('application/json', JSON.stringify({ timestamp, nonceStr, signature }))
    }
    if (url.pathname === '/callback') {
      const { userid } = await api('auth/getuserinfo', { code: url.searchParams.get('code') ?? '' })
      const cookie = `__Host-me=${String(userid)}; Path=/; Secure; HttpOnly; SameSite=Lax`
      return void redirect('/m/', { 'set-cookie': cookie })
    }
    if (url.pathname.startsWith('/m/') && loggedIn)
      return void send('text/html; charset=utf-8', PAGE, { 'content-security-policy': CSP })
    if (url.pathname.startsWith('/m/')) {
      const query = new URLSearchParams({
        appid: wecom.corpId,
        redirect_uri: `${app.url}/callback`,
        response_type: 'code',
        scope: 'snsapi_base',
        state: 'abc123',
        agentid: String(wecom.agentId),
      })
      return void redirect(`${wecom.url}/connect/oauth2/authorize?${query}#wechat_redirect`)
    }
    response.writeHead(404).end()
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const app: TinyApp = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    seen,
    wecom,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return app
}
