import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { decrypt, sign } from '../callbacks/cipher.ts'
import { xmlText } from '../callbacks/xml.ts'

export const TOKEN = 'simtoken'
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE'

export interface Heard {
  url: string
  /** Decrypted. */
  xml: string
  corpId: string
}

/** An app that listens: it checks and decrypts what comes, and answers each event as the test says next (200 by default). */
export async function startListeningApp() {
  const heard: Heard[] = []
  /** Consumed one by one: a status, a body, or `hang` for no answer at all. */
  const answers: (number | string | 'hang')[] = []
  const server = createServer(async (request, response) => {
    const query = new URL(request.url!, 'http://app').searchParams
    const body = await text(request)
    const encrypted = query.get('echostr') ?? xmlText(body, 'Encrypt') ?? ''
    const signed = sign(TOKEN, query.get('timestamp')!, query.get('nonce')!, encrypted)
    if (signed !== query.get('msg_signature')) return void response.writeHead(403).end()
    const { message, id } = decrypt(AES_KEY, encrypted)
    if (request.method === 'GET') return void response.end(message)
    heard.push({ url: request.url!, xml: message, corpId: id })
    const answer = answers.shift() ?? ''
    if (answer === 'hang') return
    if (typeof answer === 'number') response.writeHead(answer).end()
    else response.end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/callback`,
    heard,
    answers,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type ListeningApp = Awaited<ReturnType<typeof startListeningApp>>
