import { startOfMinute } from '@qimeng/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../test/browser.ts'
import { anImage, aPush, aTask } from '../test/builders.ts'
import { addressOf, endpoints, type ParamName } from '../test/examples.ts'
import { startWorld, type World } from '../test/world.ts'

// QUALITY.md S1: every endpoint × every role × what belongs to others, from the contract's own list. A new endpoint is walked
// by itself; one that names a new kind of thing does not compile before it is said here whose that is.

/** Who walks: whose session it has, and where that session lies in its browser. */
interface Role {
  browser: Browser
  /** Whose endpoints it may call at all. */
  audience: 'admin' | 'employee' | 'none'
}

/** Something a path can name, and what those who may call the endpoint but not see this very thing are told. */
interface Thing {
  id: string
  /** Roles for whom it is there; all others of the right audience get `refusal`. */
  open: string[]
  refusal: number[]
}

let world: World
let roles: Record<string, Role>
let things: Record<ParamName, Thing[]>
/** What only some may read, wherever it turns up: a text that stands in no other reply. */
let secrets: { text: string; known: string[] }[]

const ADMINS = ['administrator', 'another administrator']

beforeAll(async () => {
  world = await startWorld({ admins: ['zhangsan', 'wangwu', 'zhaoliu'] })
  const { jobs } = world.parts
  const administrator = await world.admin('zhangsan')
  const another = await world.admin('wangwu')
  const removed = await world.admin('zhaoliu')
  await world.wecom.hire({ userid: 'linshi', name: '临时工', departments: [3] })
  await administrator('POST /api/console/directory/sync')
  await jobs.idle()
  const executor = await world.employee('lisi')
  const colleague = await world.employee('zhaoyun')
  const stranger = await world.employee('sunqi')
  const dismissed = await world.employee('linshi')

  const picture = await administrator('POST /api/console/images', { image: await anImage() })
  const create = async (name: string, due: boolean) => {
    const scheduledAt = startOfMinute(world.clock.now()) + (due ? 0 : 3_600_000)
    const pushes = [aPush({ scheduledAt, text: `${name}的文案`, images: due ? [picture.id] : [] })]
    const body = aTask({ name, executors: ['lisi', 'zhaoyun', 'linshi'], pushes })
    const { id } = await administrator('POST /api/console/tasks', { body })
    const task = await administrator('GET /api/console/tasks/:taskId', { params: { taskId: id } })
    return { taskId: id, pushId: task.pushes[0]!.id }
  }
  const running = await create('进行中的机密', true)
  const planned = await create('还没下达的机密', false)
  const deleted = await create('已删除的机密', true)
  await jobs.idle()
  const proof = await executor('POST /api/me/images', { image: await anImage({ colour: '#07c160' }) })
  const params = { pushId: running.pushId }
  await executor('POST /api/me/pushes/:pushId/proofs', { params, body: { images: [proof.id] } })
  const screenshot = await executor('POST /api/me/images', { image: await anImage({ colour: '#ff0000' }) })
  const { exportId } = await administrator('POST /api/console/pushes/:pushId/exports', {
    params,
    body: { state: 'pending' },
  })
  await jobs.idle()
  await administrator('DELETE /api/console/tasks/:taskId', { params: { taskId: deleted.taskId } })
  await administrator('DELETE /api/console/admins/:userid', { params: { userid: 'zhaoliu' } })
  await world.wecom.dismiss('linshi')
  await administrator('POST /api/console/directory/sync')
  await jobs.idle()

  /** The token of a session of one audience under the cookie name of the other. */
  const inOthersCookie = ({ browser }: { browser: Browser }, from: string, to: string): Browser => {
    const thief = world.browser()
    thief.cookies.set(to, browser.cookies.get(from)!)
    return thief
  }
  roles = {
    nobody: { browser: world.browser(), audience: 'none' },
    executor: { browser: executor.browser, audience: 'employee' },
    'executor who has done nothing': { browser: colleague.browser, audience: 'employee' },
    'employee who is no executor': { browser: stranger.browser, audience: 'employee' },
    'dismissed executor': { browser: dismissed.browser, audience: 'none' },
    administrator: { browser: administrator.browser, audience: 'admin' },
    'another administrator': { browser: another.browser, audience: 'admin' },
    'removed administrator': { browser: removed.browser, audience: 'none' },
    'employee with his token as a console cookie': {
      browser: inOthersCookie(executor, 'qimeng_me', 'qimeng_admin'),
      audience: 'none',
    },
    'administrator with his token as a phone cookie': {
      browser: inOthersCookie(administrator, 'qimeng_admin', 'qimeng_me'),
      audience: 'none',
    },
  }

  const executors = ['executor', 'executor who has done nothing']
  const nothing = (id = '01ARZ3NDEKTSV4RRFFQ69G5FAV'): Thing => ({ id, open: [], refusal: [404] })
  things = {
    taskId: [
      { id: running.taskId, open: ADMINS, refusal: [404] },
      { id: deleted.taskId, open: [], refusal: [404] },
      nothing(),
    ],
    pushId: [
      { id: running.pushId, open: [...ADMINS, ...executors], refusal: [403] },
      { id: deleted.pushId, open: [], refusal: [403, 404, 410] },
      { id: planned.pushId, open: ADMINS, refusal: [404] },
      nothing(),
    ],
    exportId: [{ id: exportId, open: ['administrator'], refusal: [404] }, nothing()],
    imageId: [
      { id: picture.id, open: ADMINS, refusal: [404] },
      { id: proof.id, open: ADMINS, refusal: [404] },
      { id: screenshot.id, open: [], refusal: [404] },
      nothing(),
    ],
    userid: [{ id: 'lisi', open: ADMINS, refusal: [404] }, nothing('nobody-of-ours')],
    round: [{ id: '99', open: [], refusal: [404] }],
  }
  secrets = [
    { text: '进行中的机密', known: [...ADMINS, ...executors] },
    { text: '还没下达的机密', known: ADMINS },
    { text: '已删除的机密', known: ADMINS },
    { text: picture.id, known: [...ADMINS, ...executors] },
    { text: proof.id, known: [...ADMINS, 'executor'] },
    { text: screenshot.id, known: ['executor'] },
    { text: exportId, known: ['administrator'] },
    { text: world.wecom.corp.secret, known: [] },
  ]
}, 60_000)
afterAll(() => world.stop())

type Walk = (typeof endpoints)[number]

async function ask(walk: Walk, { browser }: Role, params: Record<string, string>) {
  const form = new FormData()
  if (walk.endpoint.upload) form.append('image', await anImage(), 'image.png')
  const { status, data } = await browser.http.request<string>({
    method: walk.endpoint.method,
    url: addressOf(walk, params),
    data: walk.endpoint.upload ? form : walk.body,
    headers: { 'X-Requested-With': 'qimeng-moments' },
    responseType: 'text',
    validateStatus: () => true,
  })
  return { status, data }
}

const leaksIn = (role: string, reply: string) =>
  secrets.filter(({ text, known }) => reply.includes(text) && !known.includes(role)).map(({ text }) => text)

/** Every way to fill a path with things that are there. */
function* fillings(params: readonly ParamName[]): Generator<Partial<Record<ParamName, Thing>>> {
  const [first, ...rest] = params
  if (first === undefined) return yield {}
  for (const thing of things[first]) for (const filling of fillings(rest)) yield { [first]: thing, ...filling }
}

const idsOf = (filling: Partial<Record<ParamName, Thing>>) =>
  Object.fromEntries(Object.entries(filling).map(([name, { id }]) => [name, id]))

/** What a deed leaves behind: none of these may change by what was refused. */
async function traces() {
  const { db } = world.parts
  const count = async (table: 'tasks' | 'admins' | 'auditLog' | 'proofs' | 'exports' | 'images' | 'batches') =>
    Number(
      (
        await db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )
  const deleted = await db.selectFrom('tasks').select('id').where('deletedAt', 'is not', null).execute()
  return {
    deleted: deleted.length,
    tasks: await count('tasks'),
    admins: await count('admins'),
    deeds: await count('auditLog'),
    proofs: await count('proofs'),
    exports: await count('exports'),
    images: await count('images'),
    batches: await count('batches'),
  }
}

describe.each(endpoints.map((walk) => [walk.name, walk] as const))('%s', (_name, walk) => {
  test('is closed to whoever has no session for it, whatever is named', async () => {
    const before = await traces()
    for (const [name, role] of Object.entries(roles)) {
      if (role.audience === walk.endpoint.for) continue
      for (const filling of fillings(walk.params)) {
        const { status, data } = await ask(walk, role, idsOf(filling))
        expect([name, status, leaksIn(name, data)]).toEqual([name, 401, []])
      }
    }
    expect(await traces()).toEqual(before)
  })

  test('shows those who may call it nothing that is not theirs', async () => {
    for (const [name, role] of Object.entries(roles)) {
      if (role.audience !== walk.endpoint.for) continue
      for (const filling of fillings(walk.params)) {
        const closed = Object.values(filling).filter(({ open }) => !open.includes(name))
        // What is theirs is changed by the features' own tests; here it is read.
        if (closed.length === 0 && walk.endpoint.method !== 'GET') continue
        const { status, data } = await ask(walk, role, idsOf(filling))
        const asked = [name, ...Object.values(idsOf(filling))]
        expect([...asked, leaksIn(name, data)]).toEqual([...asked, []])
        if (closed.length > 0) {
          const refusals = closed.flatMap(({ refusal }) => refusal)
          expect([...asked, refusals.includes(status) ? 'refused' : status]).toEqual([...asked, 'refused'])
        }
      }
    }
  })
})

test('what belongs to others cannot be used either, as a part of something of one’s own', async () => {
  const { db } = world.parts
  const { administrator, executor } = roles
  const lisis = await db.selectFrom('images').select('id').where('ownerUserid', '=', 'lisi').execute()
  const post = async (role: Role, url: string, data: unknown) => {
    const headers = { 'X-Requested-With': 'qimeng-moments' }
    return (await role.browser.http.post<unknown>(url, data, { headers, validateStatus: () => true })).status
  }
  for (const { id } of lisis) {
    const task = aTask({ pushes: [aPush({ images: [id] })] })
    expect(await post(administrator!, '/api/console/tasks', task)).toBe(422)
    const colleague = roles['executor who has done nothing']!
    const pushId = things.pushId[0]!.id
    expect(await post(colleague, `/api/me/pushes/${pushId}/proofs`, { images: [id] })).toBe(422)
  }
  const content = things.imageId[0]!.id
  expect(await post(executor!, `/api/me/pushes/${things.pushId[0]!.id}/proofs`, { images: [content] })).toBe(422)

  const { id: messageId } = await db
    .selectFrom('messages')
    .select('id')
    .where('userid', '=', 'zhangsan')
    .executeTakeFirstOrThrow()
  expect(await post(roles['another administrator']!, '/api/console/messages/read', { ids: [messageId] })).toBe(200)
  const read = await db.selectFrom('messageReads').selectAll().where('messageId', '=', messageId).execute()
  expect(read).toEqual([])
})
