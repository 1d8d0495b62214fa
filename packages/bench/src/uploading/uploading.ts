import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { REQUEST_HEADER, REQUEST_HEADER_VALUE } from '@qimeng/contract/client'
import type { Figure } from '../figures.ts'
import { interleaved, median } from '../measure.ts'
import type { Scale } from '../scale.ts'
import { serveBareUpload, serveTasks } from '../servers.ts'
import { screenshot } from './screenshot.ts'

/** As many as send at the same time in a round; a phone sends its pictures one after the other. */
const SIDE_BY_SIDE = 4
const MB = 1024 * 1024
/** How often (ms) the list is asked for while pictures come in. */
const PACE = 20

/** P5: one screenshot after the other beside multer and sharp, and what many at once do to the server. */
export async function uploading(scale: Scale): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-upload-'))
  const server = await serveTasks({ ...scale, tasks: scale.ownTasks, folder })
  const bare = await serveBareUpload(join(folder, 'bare'))
  try {
    const form = formWith(await screenshot())
    let person = 0
    const send = async (url: string) => {
      const headers = server.people[(person += 1) % server.people.length]!
      const response = await fetch(url, { method: 'POST', headers: { ...headers, ...form.headers }, body: form.body })
      if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
      await response.arrayBuffer()
    }
    const ourUrl = `${server.url}/api/me/images`
    const [ours, theirs] = await interleaved(
      [ourUrl, bare.url].map((url) => () => perSecond(() => send(url), scale.uploads / 2)),
      scale.rounds,
    )
    const listOnce = async () => {
      const started = performance.now()
      const response = await fetch(server.listUrl({}), {
        headers: server.people[(person += 1) % server.people.length]!,
      })
      if (!response.ok) throw new Error(`the list answered ${response.status}`)
      await response.arrayBuffer()
      return performance.now() - started
    }
    const idle = await timesUntil(listOnce, delay(scale.uploads * PACE))
    const before = (await server.used()).rss
    let peak = before
    const all = Promise.all(Array.from({ length: scale.uploads }, () => send(ourUrl)))
    const meanwhile = await timesUntil(async () => {
      peak = Math.max(peak, (await server.used()).rss)
      return listOnce()
    }, all)
    return [
      {
        what: 'P5 screenshots taken in / multer and sharp alone',
        ...{ ours: median(ours!), bare: median(theirs!), unit: 'req/s', bar: { atLeast: 0.8 } },
      },
      {
        what: `P5 ${scale.uploads} at once, memory above / 200 MB`,
        ...{ ours: Math.max((peak - before) / MB, 0.01), bare: 200, unit: 'MB', bar: { atMost: 1 } },
      },
      {
        what: `P5 ${scale.uploads} at once, list p99 / idle`,
        ...{ ours: p99Of(meanwhile), bare: p99Of(idle), unit: 'ms', bar: { atMost: 3 } },
      },
    ]
  } finally {
    await bare.stop()
    await server.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function formWith(picture: Buffer) {
  const boundary = 'bench-7d5c2f'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="image"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      [REQUEST_HEADER]: REQUEST_HEADER_VALUE,
    },
    body: Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

async function perSecond(send: () => Promise<void>, times: number) {
  let left = times
  const started = performance.now()
  const sender = async () => {
    while (left-- > 0) await send()
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, sender))
  return (times * 1000) / (performance.now() - started)
}

/** How long each took, one every now and then, until that is over. */
async function timesUntil(once: () => Promise<number>, over: Promise<unknown>) {
  let isOver = false
  const ended = over.finally(() => (isOver = true))
  const times: number[] = []
  do {
    times.push(await once())
    await delay(PACE)
  } while (!isOver)
  await ended
  return times
}

const p99Of = (times: number[]) => times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1]!
