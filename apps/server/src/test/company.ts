import { startOfMinute } from '@qimeng/contract'
import type { Browser } from './browser.ts'
import { anImage, aPush, aTask } from './builders.ts'
import type { ParamName } from './examples.ts'
import type { World } from './world.ts'

/** Who walks: whose session it has, and where that session lies in its browser. */
export interface Role {
  browser: Browser
  /** Whose endpoints it may call at all. */
  audience: 'admin' | 'employee' | 'none'
}

/** Something a path can name, and what those who may call the endpoint but not see this very thing are told. */
export interface Thing {
  id: string
  /** Roles for whom it is there; all others of the right audience get `refusal`. */
  open: string[]
  refusal: number[]
}

/** A text that stands in no other reply than in those to whom it is `known`. */
export interface Secret {
  text: string
  known: string[]
}

export interface Company {
  roles: Record<string, Role>
  /** Complete, or no build: a new kind of thing in a path needs its line. */
  things: Record<ParamName, Thing[]>
  secrets: Secret[]
}

const ADMINS = ['administrator', 'another administrator']

/** The administrators a world needs for its company. */
export const COMPANY_ADMINS = ['zhangsan', 'wangwu', 'zhaoliu']

/** Fills a world with people of every role, and with what belongs to some of them and not to others. */
export async function openCompany(world: World): Promise<Company> {
  const { jobs } = world.parts
  world.clock.hold()
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
  const roles: Company['roles'] = {
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
  const things: Company['things'] = {
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
    // Nothing was given up, so nothing happens; asked twice is no mistake.
    jobId: [{ id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', open: ADMINS, refusal: [] }],
  }
  const secrets: Secret[] = [
    { text: '进行中的机密', known: [...ADMINS, ...executors] },
    { text: '还没下达的机密', known: ADMINS },
    { text: '已删除的机密', known: ADMINS },
    { text: picture.id, known: [...ADMINS, ...executors] },
    { text: proof.id, known: [...ADMINS, 'executor'] },
    { text: screenshot.id, known: ['executor'] },
    { text: exportId, known: ['administrator'] },
    { text: world.wecom.corp.secret, known: [] },
  ]
  return { roles, things, secrets }
}

/** What a reply holds that this role must not know. */
export const leaksIn = (secrets: Secret[], role: string, reply: string) =>
  secrets.filter(({ text, known }) => reply.includes(text) && !known.includes(role)).map(({ text }) => text)
