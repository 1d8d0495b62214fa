import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anImage, aPush, aTask } from '../test/builders.ts'
import { COMPANY_ADMINS, type Company, leaksIn, openCompany, type Role, type Thing } from '../test/company.ts'
import { addressOf, endpoints, type ParamName } from '../test/examples.ts'
import { startWorld, type World } from '../test/world.ts'

// QUALITY.md S1: every endpoint × every role × what belongs to others, from the contract's own list. A new endpoint is walked
// by itself; one that names a new kind of thing does not compile before it is said here whose that is.

let world: World
let roles: Company['roles']
let things: Company['things']
let secrets: Company['secrets']

beforeAll(async () => {
  world = await startWorld({ admins: COMPANY_ADMINS })
  ;({ roles, things, secrets } = await openCompany(world))
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
        expect([name, status, leaksIn(secrets, name, data)]).toEqual([name, 401, []])
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
        expect([...asked, leaksIn(secrets, name, data)]).toEqual([...asked, []])
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
