import { isIPv6 } from 'node:net'

/** Groups of an IPv6 address that one customer is given to fill as he likes (a /64, RFC 6177). */
const NETWORK_GROUPS = 4

/** Whom to count an address as: an IPv4 address itself, and for IPv6 its network, in which anybody has 2⁶⁴ addresses. */
export function networkOf(address = ''): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const before = head.split(':').filter(Boolean)
  const after = tail?.split(':').filter(Boolean) ?? []
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after]
  return `${groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
