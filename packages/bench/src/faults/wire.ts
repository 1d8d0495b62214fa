import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One call of the server's to WeCom, on its way. */
export interface Passing {
  path: string
  body: string
  /** When the call came, and when its answer went back (ms); without one it is on the wire still, or was cut. */
  at: number
  answeredAt?: number
}

/** When a rule steps in: before WeCom gets the call, or when WeCom has answered and the server has not heard it. */
export type Moment = 'before' | 'after'

type Rule = (passing: Passing) => Promise<void> | void

/**
 * The wire between server and WeCom: it sees every call, can hold it, and knows the two moments at which a crash hurts most.
 */
export interface Wire {
  readonly url: string
  /** Calls of this path, oldest first. */
  calls(path: string): Passing[]
  /** What happens to every call of the path at that moment, until the rule is taken away. */
  on(path: string, moment: Moment, rule: Rule): () => void
  /** Until WeCom is through with every call, also with those the server has given up. */
  quiet(): Promise<unknown>
  close(): Promise<void>
}

export async function layWire(target: string): Promise<Wire> {
  const seen: Passing[] = []
  const rules: { path: string; moment: Moment; rule: Rule }[] = []
  const apply = async (moment: Moment, passing: Passing) => {
    for (const each of [...rules]) if (each.path === passing.path && each.moment === moment) await each.rule(passing)
  }

  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await read(request)
    const path = (request.url ?? '').split('?')[0]!
    const passing: Passing = { path, body: body.toString(), at: performance.now() }
    seen.push(passing)
    await apply('before', passing)
    const { method, headers } = request
    const onward = send(new URL(request.url ?? '', target), { method, headers })
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      onward.once('response', resolve).once('error', reject).end(body)
    })
    const bytes = await read(answer)
    await apply('after', passing)
    passing.answeredAt = performance.now()
    response.writeHead(answer.statusCode!, answer.headers).end(bytes)
  }
  const passing = new Set<Promise<void>>()
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    const passed = pass(request, response)
      // WeCom cut the connection, as a fault or an outage has it: the server gets to see the same.
      .catch(() => void response.destroy())
      .finally(() => passing.delete(passed))
    passing.add(passed)
  }
  const server = createServer(begin)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: (path) => seen.filter((passing) => passing.path === path),
    on(path, moment, rule) {
      const entry = { path, moment, rule }
      rules.push(entry)
      return () => void rules.splice(rules.indexOf(entry), 1)
    },
    quiet: () => Promise.all(passing),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function read(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
