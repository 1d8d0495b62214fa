import axios, { type AxiosInstance } from 'axios'
import { createCaller, type Caller } from '../../packages/contract/src/client.ts'
import type { ConsoleApi, MeApi } from '../../packages/contract/src/index.ts'

export interface Addresses {
  serverUrl: string
  simulatorUrl: string
}

/** Logs in as a person does and calls the API as the console does. */
export const visitConsole = async (at: Addresses, userid: string): Promise<Caller<ConsoleApi>> =>
  createCaller<ConsoleApi>(await logIn(at, '/auth/console', userid))

/** The same as an employee's phone. */
export const visitPhone = async (at: Addresses, userid: string): Promise<Caller<MeApi>> =>
  createCaller<MeApi>(await logIn(at, '/auth/me', userid))

/** @param path `/auth/console` or `/auth/me` @returns a browser with the session's cookie */
export async function logIn(
  { serverUrl, simulatorUrl }: Addresses,
  path: string,
  userid: string,
): Promise<AxiosInstance> {
  const browser = axios.create({ baseURL: serverUrl, proxy: false, maxRedirects: 0 })
  const cookies = new Map<string, string>()
  const visit = async (url: string) => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await browser.get<unknown>(url, {
      headers: { cookie },
      validateStatus: (status) => status === 302,
    })
    for (const line of response.headers['set-cookie'] ?? []) {
      const [name = '', ...value] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value.join('='))
    }
    return new URL(String(response.headers['location']), serverUrl)
  }
  const state = (await visit(`${path}/login`)).searchParams.get('state') ?? ''
  const { data } = await axios.post<{ code: string }>(`${simulatorUrl}/__sim/codes`, { userid }, { proxy: false })
  const end = await visit(`${path}/callback?${new URLSearchParams({ code: data.code, state })}`)
  if (/login|refused/.test(end.pathname)) throw new Error(`${userid} was not let in: ${end.pathname}${end.search}`)
  browser.defaults.headers.common['Cookie'] = [...cookies].map((pair) => pair.join('=')).join('; ')
  return browser
}
