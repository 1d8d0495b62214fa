import type { Simulator } from '@qimeng/simulator'
import axios from 'axios'

/** A card as it lies on a phone. */
export interface PhoneMessage {
  id: number
  msgid: string
  msgtype: string
  content: Record<string, unknown>
  /** The card that has taken its place. */
  update?: Record<string, unknown>
  /** WeCom shows in its place that it was taken back. */
  recalled: boolean
}

export interface Fault {
  path: string
  kind: 'errcode' | 'delay' | 'drop-before' | 'drop-after' | 'http-502' | 'broken-json'
  errcode?: number
  errmsg?: string
  delayMs?: number
  times?: number
}

export interface WecomCallLog {
  path: string
  body: string
  errcode: number | null
  outcome: string
}

/** 接收消息 as entered in WeCom's backend, and how WeCom behaves then. */
export interface CallbackAddress {
  url: string
  token: string
  aesKey: string
  pauseMs?: number
  duplicates?: number
}

/** Something WeCom has told the app. */
export interface ToldCallback {
  id: number
  event: string
  outcome: 'pending' | 'delivered' | 'given up'
  attempts: { status: number | null; ms: number }[]
}

export type SimulatedWecom = ReturnType<typeof simulatedWecom>

/** What tests do with the simulated WeCom: be a person with a phone, be the corp's administrator, make things go wrong. */
export function simulatedWecom(simulator: Simulator, appUrl: string) {
  const http = axios.create({ baseURL: `${simulator.url}/__sim`, proxy: false })
  const visit = async (url: string, headers: Record<string, string> = {}) => {
    const response = await axios.get(url, { headers, proxy: false, maxRedirects: 0, validateStatus: () => true })
    return String(response.headers.location ?? '')
  }
  const phoneOf = async (userid: string) => {
    const { data } = await http.get<{ people: { userid: string; phone: string }[] }>('/corp')
    const person = data.people.find((each) => each.userid === userid)
    if (!person) throw new Error(`${userid} is not in the simulated corp`)
    return new URL(person.phone)
  }

  return {
    url: simulator.url,
    corp: simulator.corp,

    /** Scans the QR code of WeCom's login page with this person's phone and confirms. */
    scan: (loginUrl: string, userid: string) =>
      visit(`${loginUrl.replace('/sso/login', '/sso/confirm')}&${new URLSearchParams({ userid })}`),
    /** A login code of somebody who is no member of the corp. */
    codeOfOutsider: async () => (await http.post<{ code: string }>('/codes', { openid: 'OPENID' })).data.code,
    /** Declines on WeCom's login page. */
    decline: (loginUrl: string) => visit(loginUrl.replace('/sso/login', '/sso/refuse')),
    /** Opens WeCom's silent OAuth link on this person's phone, whose proxy stands between it and the app. */
    async authorize(oauthUrl: string, userid: string) {
      const phone = await phoneOf(userid)
      const location = await visit(oauthUrl.replace(/#.*$/, ''), { host: phone.host })
      return location.replace(phone.origin, appUrl)
    },

    async messagesOf(userid: string): Promise<PhoneMessage[]> {
      const { data } = await http.get<PhoneMessage[]>(`/phones/${encodeURIComponent(userid)}/messages`)
      return data
    },
    async calls(path: string): Promise<WecomCallLog[]> {
      const { data } = await http.get<WecomCallLog[]>('/calls', { params: { path } })
      return data
    },
    hire: (person: { userid: string; name: string; departments?: number[]; position?: string; licensed?: boolean }) =>
      http.post('/people', person),
    change: (
      userid: string,
      change: { userid?: string; name?: string; departments?: number[]; licensed?: boolean; status?: number },
    ) => http.patch(`/people/${encodeURIComponent(userid)}`, change),
    dismiss: (userid: string) => http.delete(`/people/${encodeURIComponent(userid)}`),
    /** What the app may see, as set in WeCom's backend. */
    showTo: (visible: { users?: string[]; parties?: number[]; tags?: number[] }) => http.put('/visible', visible),
    /** Saves 接收消息; WeCom asks the address first. */
    listenAt: async (address: CallbackAddress) => (await http.put<{ ok: true }>('/callback', address)).data,
    /** Forgets 接收消息: WeCom tells nothing any more. */
    deafen: () => http.delete('/callback'),
    /** 上报进入应用事件, as set in WeCom's backend. */
    reportEnter: (reportEnter: boolean) => http.patch('/settings', { reportEnter }),
    /** Tells the app something, and waits until it has taken it or WeCom has given up. */
    tell: async (event: { event: string } & Record<string, unknown>) =>
      (await http.post<ToldCallback>('/callbacks', event)).data,
    /** Presses a button or a line of the menu of a card on this person's phone. */
    press: (userid: string, message: number, key: string) =>
      http.post(`/phones/${encodeURIComponent(userid)}/press`, { message, key }),
    /** Once more: as WeCom repeats it, or `exact` as somebody does who has listened. */
    tellAgain: async (id: number, exact = false) =>
      (await http.post<{ outcome?: string; status?: number }>(`/callbacks/${id}/repeat`, { exact })).data,
    told: async (since = 0) => (await http.get<ToldCallback[]>('/callbacks', { params: { since } })).data,
    fault: (fault: Fault) => http.post('/faults', fault),
    /** Its clock alone, beside the world's. */
    moveClock: (offsetMs: number) => http.post('/clock', { offsetMs }),
    down: (seconds: number) => http.post('/faults', { downSeconds: seconds }),
    up: () => http.delete('/faults'),
  }
}
