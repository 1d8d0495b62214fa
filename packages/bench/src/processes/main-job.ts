import { randomUUID } from 'node:crypto'
import { aPoster, aScreenshot } from '../../../../scripts/seed/pictures.ts'
import { census, type Expected } from '../faults/census.ts'
import { aPush, aTask, everybody, inItsMinute, persist, until } from '../faults/helpers.ts'
import { hold } from '../faults/scenario.ts'
import type { Company, Console } from './company.ts'

const SEND = '/cgi-bin/message/send'
const TASKS = 6

interface Task {
  taskId: string
  pushId: string
  executors: string[]
}

export interface MainJob {
  cards: number
  lost: number
  doubled: number
  /** From the kill of a worker with a card on the wire to the moment every card was settled (ms). */
  recovery: number
}

/**
 * The whole main job through the proxy, as browsers and phones do it, each request at another process. On the way a web
 * process dies while tasks are created, and a worker when WeCom has accepted its card and it has not heard so.
 */
export async function mainJob(company: Company): Promise<MainJob> {
  const admin = await company.console('zhangsan')
  const people = await directory(admin)
  const death = killTheFirstToSend(company)
  const tasks = await createWhileOneDies(company, admin, people)
  const diedAt = await death
  const [task] = tasks as [Task]

  const settled = cardsSettled(admin, tasks)
  const done = await proveIt(company, task)
  await until('the console sees the proof', async () => {
    const { rows } = await admin('GET /api/console/pushes/:pushId/executions', {
      params: { pushId: task.pushId },
      query: { state: 'done' },
    })
    return rows.some(({ userid, proofImages }) => userid === done && proofImages === 1)
  })
  await settled
  const recovery = performance.now() - diedAt
  await count(company, tasks)

  const reminded = await remind(admin, task)
  const expected = tasks.flatMap(({ pushId, executors }): Expected[] => {
    if (pushId !== task.pushId) return [{ pushId, executors }]
    const pending = executors.filter((userid) => userid !== done)
    hold(reminded === pending.length, 'who is done is not reminded')
    return [{ pushId, executors: pending, cards: 2 }]
  })
  await until('the reminders are on the phones', async () => (await cardsFor(company, task.pushId)) >= 2 * reminded + 1)
  const onPhones = await company.wecom.messages()
  const others = onPhones.filter(({ userid, url }) => !(userid === done && url?.includes(task.pushId)))
  const found = census(others, expected)

  await exportList(company, admin, task)
  return { cards: onPhones.length, ...found, recovery }
}

const directory = (admin: Console) =>
  until('the directory is there', async () => {
    const { lastFinishedAt, running } = await admin('GET /api/console/directory')
    return lastFinishedAt !== null && !running && everybody(admin)
  })

/** Each worker has a wire of its own, so that it is known whose card is on it. @returns when it died */
function killTheFirstToSend({ workers, kill }: Company): Promise<number> {
  return new Promise((resolve) => {
    let first = true
    for (const worker of workers) {
      worker.wire.on(SEND, 'after', async () => {
        if (!first) return
        first = false
        await kill(worker)
        resolve(performance.now())
      })
    }
  })
}

/** Requests that the dying process took with it are made again under their key, as a browser's retry does. */
async function createWhileOneDies(company: Company, admin: Console, people: string[]): Promise<Task[]> {
  const [dying] = company.webs
  const creating = Array.from({ length: TASKS }, async (_, number) => {
    const image = await aPoster(number)
    const executors = people.slice(number * 5, number * 5 + 20)
    const uploadKey = randomUUID()
    const picture = await persist(() => admin('POST /api/console/images', { image, idempotencyKey: uploadKey }))
    if (number === TASKS / 2) await company.kill(dying!)
    const { id: taskId } = await inItsMinute(Date.now, (minute) => {
      const idempotencyKey = randomUUID()
      const body = aTask({ executors, pushes: [{ ...aPush(minute), images: [picture.id] }] }, minute)
      return persist(() => admin('POST /api/console/tasks', { body, idempotencyKey }))
    })
    const { pushes } = await persist(() => admin('GET /api/console/tasks/:taskId', { params: { taskId } }))
    return { taskId, pushId: pushes[0]!.id, executors }
  })
  const tasks = await Promise.all(creating)
  await company.startWeb()
  return tasks
}

const cardsSettled = async (admin: Console, tasks: Task[]) => {
  for (const { taskId } of tasks) {
    await until(`every card of ${taskId} is settled`, async () => {
      const { pushes } = await persist(() => admin('GET /api/console/tasks/:taskId', { params: { taskId } }))
      return pushes.every(({ state, cards }) => state === 'issued' && cards.sending === 0)
    })
  }
}

const cardsFor = async ({ wecom }: Company, pushId: string) =>
  (await wecom.messages()).filter(({ url }) => url?.includes(pushId)).length

async function count({ wecom }: Company, tasks: Task[]) {
  const { lost, doubled } = census(await wecom.messages(), tasks)
  hold(lost === 0 && doubled === 0, `one card per person (${lost} lost, ${doubled} doubled)`)
}

/** An employee publishes it and hands in the proof. @returns who */
async function proveIt(company: Company, { pushId, executors }: Task): Promise<string> {
  const userid = executors[0]!
  const phone = await company.phone(userid)
  const params = { pushId }
  const shown = await until('it is on the phone', () =>
    phone('GET /api/me/pushes/:pushId', { params }).catch((error: { status: number }) => {
      if (error.status === 404 || error.status === 403) return false as const
      throw error
    }),
  )
  // Signed by one process, fetched from each of the others.
  for (const _ of company.webs) await expectPicture(company, shown.images[0]!.full)
  const signatures = await Promise.all(
    (['corp', 'app'] as const).map((as) =>
      phone('GET /api/me/jssdk/signature', { query: { as, url: `${company.proxy.url}/m/` } }),
    ),
  )
  hold(
    signatures.every(({ signature }) => signature.length === 40),
    'the page is signed',
  )
  const { id } = await phone('POST /api/me/images', { image: await aScreenshot(1), idempotencyKey: randomUUID() })
  await phone('POST /api/me/pushes/:pushId/proofs', { params, body: { images: [id] }, idempotencyKey: randomUUID() })
  return userid
}

async function expectPicture({ proxy }: Company, path: string) {
  const picture = await fetch(new URL(path, proxy.url))
  hold(picture.ok && (await picture.arrayBuffer()).byteLength > 0, 'a signed link opens at every process')
}

async function remind(admin: Console, { pushId }: Task): Promise<number> {
  const input = { params: { pushId }, body: { userids: null }, idempotencyKey: randomUUID() }
  const [report, repeat] = await Promise.all([
    admin('POST /api/console/pushes/:pushId/reminders', input),
    admin('POST /api/console/pushes/:pushId/reminders', input),
  ])
  hold(report.round === repeat.round && report.queued === repeat.queued, 'a double click at two processes is one')
  return report.queued
}

async function exportList({ webs }: Company, admin: Console, { pushId }: Task) {
  const body = { state: 'pending' as const }
  const { exportId } = await admin('POST /api/console/pushes/:pushId/exports', { params: { pushId }, body })
  const unread = async () => (await admin('GET /api/console/messages/unread')).unread
  const done = await until('the export is there', async () => {
    const { rows } = await admin('GET /api/console/messages', { query: {} })
    const message = rows.find(({ export: each }) => each?.id === exportId)
    return message?.export?.state === 'done' ? message : false
  })
  hold(done.export!.rowsDone === done.export!.rowsTotal && done.export!.bytes! > 0, 'the export is whole')
  hold((await unread()) > 0, 'and unread')
  await admin('POST /api/console/messages/read', { body: { ids: null } })
  hold((await unread()) === 0, 'read at one process is read at all')
  for (const _ of webs) {
    const { data } = await admin.browser.get<ArrayBuffer>(`/api/console/exports/${exportId}/file`, {
      responseType: 'arraybuffer',
    })
    hold(data.byteLength === done.export!.bytes, 'what one process has built, every process hands out')
  }
}
