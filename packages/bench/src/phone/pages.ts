import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import compression from 'compression'
import express from 'express'

const VITE = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')

/** In a process of its own: under a test runner Vite would build for tests. */
const build = (cwd: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [VITE, 'build', '--logLevel', 'error', ...args], {
    cwd,
    env: { ...process.env, NODE_ENV: 'production' },
  })

const APPS = join(import.meta.dirname, '../../../../apps')

/** The phone app as it is served. @param fresh builds it also where it has been built before */
export async function buildApp(fresh: boolean): Promise<void> {
  const root = join(APPS, 'mobile')
  if (fresh || !existsSync(join(root, 'dist/index.html'))) await build(root)
}

/** Builds the bare page and serves it, compressed, with the product behind it for the same calls and pictures. */
export async function serveBarePage(productUrl: string) {
  const dist = await mkdtemp(join(tmpdir(), 'qimeng-bare-page-'))
  await build(join(import.meta.dirname, 'bare'), '--outDir', dist, '--emptyOutDir')
  const app = express()
  app.use(['/api', '/files'], (asked, response) => passOn(new URL(asked.originalUrl, productUrl))(asked, response))
  app.use(compression(), express.static(dist))
  app.get('/{*page}', (_request, response) => response.sendFile(join(dist, 'index.html')))
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(dist, { recursive: true })
    },
  }
}

const passOn =
  (url: URL): RequestListener =>
  (asked, response) => {
    const { host: _host, ...headers } = asked.headers
    request(url, { headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
      .on('error', (error) => response.destroy(error))
      .end()
  }
