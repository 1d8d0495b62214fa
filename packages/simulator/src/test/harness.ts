import { request } from 'node:http'
import { startSimulator, type Simulator, type SimulatorOptions } from '../index.ts'

export interface Answer extends Record<string, unknown> {
  errcode: number
  errmsg: string
}

/** A simulator on a free port with the verbs a test speaks in. */
export async function aSimulator(options: Partial<SimulatorOptions> = {}) {
  const simulator: Simulator = await startSimulator({ port: 0, appUrl: 'http://localhost:3000', ...options })
  const { url, corp } = simulator

  /** A cloud call with a valid token; a body makes it a POST. */
  async function call(path: string, query: Record<string, string> = {}, body?: unknown): Promise<Answer> {
    return (await raw(path, { access_token: await token(), ...query }, body)).json() as Promise<Answer>
  }
  function raw(path: string, query: Record<string, string>, body?: unknown): Promise<Response> {
    const address = `${url}/cgi-bin/${path}?${new URLSearchParams(query)}`
    if (body === undefined) return fetch(address)
    const payload = body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body)
    return fetch(address, { method: 'POST', body: payload })
  }
  async function token(): Promise<string> {
    const reply = await raw('gettoken', { corpid: corp.corpId, corpsecret: corp.secret })
    return ((await reply.json()) as { access_token: string }).access_token
  }

  /** The hand behind the scenes, `/__sim`. */
  async function control<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const reply = await fetch(`${url}/__sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return (await reply.json()) as T
  }

  /** A request as a phone's browser makes it: fetch cannot set a Host header. */
  function onPhone(label: string, path: string, headers: Record<string, string> = {}, body?: string) {
    return new Promise<{ status: number; location: string; text: string; headers: Record<string, unknown> }>(
      (resolve, reject) => {
        const host = `${label}.localhost:${simulator.port}`
        const asked = request({
          port: simulator.port,
          host: '127.0.0.1',
          path,
          method: body ? 'POST' : 'GET',
          headers: { host, ...headers },
        })
        asked.on('error', reject)
        asked.on('response', (reply) => {
          let text = ''
          reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
          reply.on('end', () =>
            resolve({
              status: reply.statusCode!,
              location: reply.headers.location ?? '',
              text,
              headers: reply.headers,
            }),
          )
        })
        asked.end(body)
      },
    )
  }

  return { ...simulator, call, raw, token, control, onPhone }
}

export type TestSimulator = Awaited<ReturnType<typeof aSimulator>>

/** A textcard with everything required. */
export const aCard = (change: Record<string, unknown> = {}, agentid: unknown = 1000002) => ({
  touser: 'zhangsan',
  msgtype: 'textcard',
  agentid,
  textcard: { title: '朋友圈任务待发布', description: '请尽快完成', url: 'http://localhost:3000/m/tasks/1' },
  ...change,
})
