import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'

/** A web server on this machine, in place of one out there. */
export interface Site {
  port: number
  /** TCP connections so far, also those that sent nothing. */
  connections(): number
  close(): void
}

export async function openSite(answer: RequestListener, host: string): Promise<Site> {
  let connections = 0
  const server = createServer(answer)
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/**
 * A resolver that knows these names only. Of several answers each is given once, and the last one from then on: how a name
 * is rebound. An empty list never answers.
 */
export function resolver(names: Record<string, string[][]>): { lookup: LookupFunction; asked: string[] } {
  const asked: string[] = []
  const lookup: LookupFunction = (hostname, options, callback) => {
    const answers = names[hostname]
    if (!answers) return callback(Object.assign(new Error(`no ${hostname}`), { code: 'ENOTFOUND' }), [])
    const times = asked.push(hostname) && asked.filter((name) => name === hostname).length
    const addresses = (answers[times - 1] ?? answers.at(-1))?.map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))
    if (!addresses) return
    if (options.all) callback(null, addresses)
    else callback(null, addresses[0]!.address, addresses[0]!.family)
  }
  return { lookup, asked }
}
