import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'
import { personRefs } from './people.ts'

let world: World
let admin: AdminCaller
beforeAll(async () => {
  world = await startWorld({ people: 120 })
  admin = await world.admin('zhangsan')
})
afterAll(() => world.stop())

const search = (query: { keyword?: string; departmentId?: number; cursor?: string; limit?: number }) =>
  admin('GET /api/console/people', { query })

test.each(['张三', '三', 'zhangsan', 'Zhang San', 'zs', 'ZHANGS', '张s', '张 san', 'zhang三', 'z三', 'z san', '张'])(
  '张三 is found by %s',
  async (keyword) => {
    expect((await search({ keyword })).rows.map(({ userid }) => userid)).toContain('zhangsan')
  },
)

test.each([
  ['Ａｌｉｃｅ王', 'alice'],
  ['Élodie', 'élo'],
  ['Ωmega', 'ω'],
  ['alice', 'ＡＬＩＣＥ'],
  ['１２３', '123'],
])('%s is found by %s, in whatever case and width', async (name, keyword) => {
  await world.wecom.hire({ userid: 'newcomer', name, departments: [19] })
  await admin('POST /api/console/directory/sync')
  await world.parts.jobs.idle()
  expect((await search({ keyword })).rows.map(({ userid }) => userid)).toContain('newcomer')
  await world.wecom.dismiss('newcomer')
})

test.each([
  ['单雄信', ['单x', 'shanx', 'sxx', 'shan xiong'], ['danxiongxin', '善x']],
  ['仇小英', ['qiu', 'qxy', '仇xy', 'qiu小'], ['chou', '裘x']],
  ['曾国安', ['zengg', '曾ga', 'z guo an'], ['cengg']],
])('%s is found by %j, and not by %j', async (name, finds, misses) => {
  await world.wecom.hire({ userid: 'polyphone', name, departments: [19] })
  await admin('POST /api/console/directory/sync')
  await world.parts.jobs.idle()
  const found = async (keyword: string) => (await search({ keyword })).rows.some(({ userid }) => userid === 'polyphone')
  const answers = await Promise.all([...finds, ...misses].map(async (keyword) => [keyword, await found(keyword)]))
  await world.wecom.dismiss('polyphone')
  expect(answers).toEqual([...finds.map((keyword) => [keyword, true]), ...misses.map((keyword) => [keyword, false])])
})

test.each(['%', '_%_', '\\', "'", 'zhangsan%'])('%s is searched for as it is written', async (keyword) => {
  expect((await search({ keyword })).rows).toEqual([])
})

test('a department holds everybody in it and below it', async () => {
  const { departments } = await admin('GET /api/console/departments')
  for (const { id, people } of departments) expect((await search({ departmentId: id })).total).toBe(people)
  const east = departments.find(({ name }) => name === '华东大区')!
  const { rows } = await search({ departmentId: east.id, limit: 1000 })
  expect(rows.map(({ userid }) => userid)).toContain('zhangsan')
  expect((await search({ departmentId: east.id, keyword: '李四' })).total).toBe(0)
})

test('somebody in two departments of a branch counts once in it', async () => {
  const { rows } = await search({ departmentId: 19, keyword: 'zhaoyun' })
  expect(rows).toHaveLength(1)
})

test('turning all pages shows everybody once', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await search({ limit: 7, ...(cursor ? { cursor } : {}) })
    seen.push(...page.rows.map(({ userid }) => userid))
    cursor = page.next ?? undefined
  } while (cursor)
  const { people } = await admin('GET /api/console/directory')
  expect(seen.length).toBe(people)
  expect(new Set(seen).size).toBe(people)
})

test('more people than one statement takes are found together', async () => {
  const strangers = Array.from({ length: 2000 }, (_, n) => `stranger${n}`)
  const refs = await personRefs(world.parts.db, [...strangers, 'zhangsan'])
  expect([...refs.keys()]).toEqual(['zhangsan'])
})

test('a keyword that is too long is refused at its field', async () => {
  await expect(search({ keyword: 'x'.repeat(51) })).rejects.toMatchObject({
    status: 422,
    issues: [{ path: ['keyword'] }],
  })
})
