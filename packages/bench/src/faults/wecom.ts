export interface Fault {
  path: string
  kind: 'errcode' | 'delay' | 'drop-before' | 'drop-after' | 'http-502' | 'broken-json'
  errcode?: number
  delayMs?: number
  times?: number
}

/** A message on a phone. */
export interface Delivered {
  userid: string
  msgid: string
  url: string | null
}

export type Wecom = ReturnType<typeof controlWecom>

/** The hand behind the simulated WeCom. */
export function controlWecom(simulatorUrl: string) {
  async function ask<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
    const response = await fetch(`${simulatorUrl}/__sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Reply
  }
  return {
    messages: () => ask<Delivered[]>('GET', '/messages'),
    fault: (fault: Fault) => ask('POST', '/faults', fault),
    /** Things that go wrong by chance with this share of the calls, the same ones for the same seed. */
    chaos: (seed: number, share: number, path: string, kinds: Fault['kind'][]) =>
      ask('POST', '/faults', { seed, share, path, kinds }),
    noFaults: () => ask('DELETE', '/faults'),
    revokeToken: () => ask('POST', '/tokens/revoke'),
    setClock: (offsetMs: number) => ask('POST', '/clock', { offsetMs }),
    hire: (person: { userid: string; name: string; departments: number[]; licensed?: boolean }) =>
      ask('POST', '/people', person),
    dismiss: (userid: string) => ask('DELETE', `/people/${encodeURIComponent(userid)}`),
  }
}
