import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { createServer as createVite } from 'vite'
import { root } from './workspace.mjs'

// The front door of `pnpm dev`: the two apps from their sources, with reload, and everything else from the server, all on
// one origin as in production, so that logins, cookies and the phones' proxies work as they do there.

const { FRONT_PORT, SERVER_PORT } = process.env
const HOST = '127.0.0.1'

const door = createServer()
const apps = await Promise.all(
  ['admin', 'mobile'].map((front) =>
    createVite({
      root: join(root, 'apps', front),
      configFile: join(root, 'apps', front, 'vite.config.ts'),
      appType: 'spa',
      server: { middlewareMode: true, ws: { server: door } },
    }),
  ),
)

door.on('request', (req, res) => {
  const app = apps.find(({ config }) => req.url.startsWith(config.base))
  if (app) app.middlewares(req, res)
  else passOn(req, res)
})

function passOn(req, res) {
  const { method, url, headers } = req
  const upstream = request({ host: HOST, port: SERVER_PORT, method, path: url, headers }, (reply) => {
    res.writeHead(reply.statusCode, reply.rawHeaders)
    reply.pipe(res)
  })
  // The server restarts whenever its sources change: a moment later the same request works.
  upstream.on('error', () => (res.headersSent ? res.destroy() : res.writeHead(502).end()))
  res.on('close', () => upstream.destroy())
  req.pipe(upstream)
}

door.listen(Number(FRONT_PORT), HOST, () => console.log(JSON.stringify({ msg: 'listening' })))
process.once('SIGTERM', () => process.exit(0))
