/** A message as it lies on a phone: an application card, or whatever else WeCom delivered. */
export interface Card {
  msgid: string
  msgtype: string
  content: Record<string, unknown>
}

export interface Picture {
  id: string
  width: number
  height: number
}

export interface Moment {
  kind: 'wechat' | 'wecom'
  text: string
  pictures: string[]
  link?: { title: string; url: string }
}

export interface Person {
  userid: string
  name: string
  departments: number[]
  /** Address of this person's phone. */
  phone: string
}

/** How a phone and its WeCom behave; what they can be is in packages/simulator/README.md. */
export interface Client {
  client: 'ios' | 'android'
  bridge: 'normal' | 'late' | 'none' | 'mute' | 'old' | 'browser'
  externalMoments: boolean
}

export type Wecom = ReturnType<typeof controlWecom>

/** The hand behind the simulated WeCom (`/__sim`): looks into phones, makes things go wrong. */
export function controlWecom(simulatorUrl: string) {
  async function ask<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
    const response = await fetch(`${simulatorUrl}/__sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Reply
  }
  const phone = (userid: string, what: string) => `/phones/${encodeURIComponent(userid)}/${what}`

  return {
    /** Everything from the beginning, with a company of that many people. */
    found: (people: number) => ask('POST', '/corp', { people }),
    corp: () => ask<{ appUrl: string; departments: { id: number; name: string }[]; people: Person[] }>('GET', '/corp'),
    async cardsOf(userid: string, words: string): Promise<Card[]> {
      const messages = await ask<Card[]>('GET', phone(userid, 'messages'))
      return messages.filter((message) => JSON.stringify(message.content).includes(words))
    },
    async clipboardOf(userid: string): Promise<string> {
      return (await ask<{ text: string }>('GET', phone(userid, 'clipboard'))).text
    },
    albumOf: (userid: string) => ask<Picture[]>('GET', phone(userid, 'album')),
    momentsOf: (userid: string) => ask<Moment[]>('GET', phone(userid, 'moments')),
    /** The app's cookies leave the phone: its session is over. */
    forgetLogin: (userid: string) => ask('DELETE', phone(userid, 'cookies')),
    /** Gives the person another phone, for the pages opened from now on. */
    /** Whether anybody has proved whose the trusted domain is: until then WeCom refuses the JS-SDK (85005). */
    verifyDomain: (domainVerified: boolean) => ask('PATCH', '/settings', { domainVerified }),
    setClient: (userid: string, client: Partial<Client>) => ask('PATCH', phone(userid, 'options'), client),
    hire: (person: { userid: string; name: string; departments?: number[] }) => ask('POST', '/people', person),
    dismiss: (userid: string) => ask('DELETE', `/people/${encodeURIComponent(userid)}`),
    /** The next sending of cards takes this long (ms) before WeCom even begins with it. */
    slowCards: (delayMs: number) => ask('POST', '/faults', { path: '/cgi-bin/message/send', kind: 'delay', delayMs }),
    /** From now on WeCom answers every sending of cards with this error, until `noFaults`. */
    refuseCards: (errcode: number) =>
      ask('POST', '/faults', { path: '/cgi-bin/message/send', kind: 'errcode', errcode, times: 1000 }),
    /** From now on WeCom answers every call of this path with this error, until `noFaults`. */
    refuse: (path: string, errcode: number) => ask('POST', '/faults', { path, kind: 'errcode', errcode, times: 1000 }),
    /** How many faults have not begun yet. */
    faultsLeft: async () => (await ask<{ remaining: number }[]>('GET', '/faults')).length,
    noFaults: () => ask('DELETE', '/faults'),
  }
}
