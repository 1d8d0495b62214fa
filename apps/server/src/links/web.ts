import { lookup as systemLookup } from 'node:dns'
import type { Agent } from 'node:http'
import { BlockList, type LookupFunction } from 'node:net'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'
import { Unreadable } from './refusals.ts'

/** The web as the server may see it. */
export interface Web {
  /** @throws {Unreadable} this address is none to visit, by the look of it */
  admit(url: URL): void
  /** Connects to public addresses only, whatever a name resolves to. */
  agentFor(url: URL): Agent
}

export interface WebOptions {
  lookup?: LookupFunction
  /** Besides the schemes' own. */
  ports?: readonly number[]
  /** Addresses that count as public: where a test's own "outside" listens. */
  publicToo?: string[]
}

/** What the agents would take for public; the socket itself refuses it. */
const blockList = new BlockList()
// Public by its number, and yet the host of the virtual machine: Azure's platform and metadata service.
blockList.addAddress('168.63.129.16')
// IPv4 addresses written as IPv6 before there were mapped ones: [::127.0.0.1], RFC 4291 2.5.5.1.
blockList.addSubnet('::', 96, 'ipv6')

/**
 * The public web: http and https on their own ports, and no address with a special purpose (loopback, private, link-local,
 * shared, multicast, tunnels into IPv4 …). The agents look at the address they are about to connect to, so that a name
 * which resolves differently the second time gains nothing (QUALITY.md S9).
 * The options are for tests: nothing in the environment reaches them.
 */
export function publicWeb({ lookup = systemLookup, ports = [], publicToo = [] }: WebOptions = {}): Web {
  const options = { lookup, blockList, allowIPAddressList: publicToo }
  const agents = { 'http:': new RequestFilteringHttpAgent(options), 'https:': new RequestFilteringHttpsAgent(options) }
  const open = new Set(['', '80', '443', ...ports.map(String)])
  const isWeb = (protocol: string): protocol is keyof typeof agents => Object.hasOwn(agents, protocol)
  return {
    admit({ protocol, username, password, port }) {
      if (!isWeb(protocol) || username !== '' || password !== '') throw new Unreadable('unreachable')
      if (!open.has(port)) throw new Unreadable('port')
    },
    agentFor({ protocol }) {
      if (!isWeb(protocol)) throw new Unreadable('unreachable')
      return agents[protocol]
    },
  }
}
