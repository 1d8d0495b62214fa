import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** How long (ms) WeCom takes for an answer, as the bars of P7 and P8 have it. */
export const ANSWERS_AFTER = 100

export interface SlowWecom {
  url: string
  /** When each call of message/send came in (epoch ms), since this was last asked. */
  takeCalls(): number[]
  close(): Promise<void>
}

/** Takes every card and does nothing with it, so that the machine is left to the server. It knows no directory. */
export async function startSlowWecom(answersAfter = ANSWERS_AFTER): Promise<SlowWecom> {
  let calls: number[] = []
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => {
      const path = (request.url ?? '').split('?')[0]
      const answer = (body: object) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ errmsg: 'ok', ...body }))
      if (path === '/cgi-bin/gettoken') return answer({ errcode: 0, access_token: 'token', expires_in: 7200 })
      if (path !== '/cgi-bin/message/send') return answer({ errcode: -1 })
      calls.push(Date.now())
      return void delay(answersAfter).then(() => answer({ errcode: 0, msgid: `m${calls.length}` }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeCalls() {
      const taken = calls
      calls = []
      return taken
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The calls alone, without a server that makes them. @returns ms for all of them */
export async function callSideBySide({ url }: SlowWecom, calls: number, width: number): Promise<number> {
  const body = JSON.stringify({ touser: 'x'.repeat(11_000) })
  let left = calls
  const began = performance.now()
  const work = async () => {
    while (left-- > 0) await (await fetch(`${url}/cgi-bin/message/send`, { method: 'POST', body })).text()
  }
  await Promise.all(Array.from({ length: width }, work))
  return performance.now() - began
}
