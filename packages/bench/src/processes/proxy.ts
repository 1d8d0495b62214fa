import { Agent, createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** How often (ms) each server is asked whether it is ready. */
const LOOK_EVERY = 100

interface Backend {
  url: string
  agent: Agent
  ready: boolean
}

/** What stands before several web processes: each request goes to the next one that says it is ready. */
export interface Proxy {
  readonly url: string
  /** Servers that said at the last look that they are ready. */
  readonly ready: number
  add(url: string): void
  remove(url: string): void
  close(): Promise<void>
}

/**
 * Round robin over connections that are kept. As proxies do, it tries the next server only where the first one took no
 * connection at all, and waits where none is ready; where a request was lost on its way, the browser loses its connection.
 */
export async function startProxy(): Promise<Proxy> {
  let backends: Backend[] = []
  let turn = 0
  let closed = false
  const look = async (backend: Backend) => {
    while (backends.includes(backend) && !closed) {
      // A loaded machine answers late: what counts is what was said.
      const reply = await fetch(`${backend.url}/readyz`).catch(() => undefined)
      await reply?.text()
      backend.ready = reply?.ok === true
      await delay(LOOK_EVERY)
    }
  }

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const open = backends.filter(({ ready }) => ready)
    const backend = open[(turn += 1) % open.length]
    if (!backend) {
      await delay(LOOK_EVERY)
      return closed ? void response.destroy() : pass(request, response)
    }
    const { method, headers } = request
    const forwarded = { ...headers, 'x-forwarded-for': request.socket.remoteAddress }
    const onward = send(new URL(request.url ?? '', backend.url), { method, headers: forwarded, agent: backend.agent })
    onward.once('response', (answer) => {
      const { connection: _, ...passed } = answer.headers
      response.writeHead(answer.statusCode!, passed)
      answer.once('error', () => response.destroy()).pipe(response)
    })
    onward.once('error', (error: NodeJS.ErrnoException) => {
      backend.ready = false
      if (error.code === 'ECONNREFUSED') void pass(request, response)
      else response.destroy()
    })
    // The body waits until somebody takes it, so that the next one gets all of it.
    onward.once('socket', (socket) => {
      const flow = () => void request.pipe(onward)
      if (socket.connecting) socket.once('connect', flow)
      else flow()
    })
  }

  const server = createServer((request, response) => void pass(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    get ready() {
      return backends.filter(({ ready }) => ready).length
    },
    add(url) {
      const backend = { url, agent: new Agent({ keepAlive: true }), ready: false }
      backends.push(backend)
      void look(backend)
    },
    remove(url) {
      backends.find((backend) => backend.url === url)?.agent.destroy()
      backends = backends.filter((backend) => backend.url !== url)
    },
    async close() {
      closed = true
      for (const { agent } of backends) agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
