import { afterAll, beforeAll, expect, test } from 'vitest'
import { aSimulator, type TestSimulator } from '../test/harness.ts'

let wecom: TestSimulator
beforeAll(async () => {
  wecom = await aSimulator()
})
afterAll(() => wecom.close())

test('the sync recipe finds everybody in range and nobody else', async () => {
  const agent = await wecom.call('agent/get', { agentid: '1000002' })
  const { user } = agent.allow_userinfos as { user: { userid: string }[] }
  const { tagid } = agent.allow_tags as { tagid: number[] }
  const { department_id } = (await wecom.call('department/simplelist')) as unknown as {
    department_id: { id: number }[]
  }
  const found = new Set(user.map((each) => each.userid))
  for (const { id } of department_id) {
    const { userlist } = await wecom.call('user/simplelist', { department_id: String(id) })
    for (const { userid } of userlist as { userid: string }[]) found.add(userid)
  }
  for (const id of tagid) {
    const { userlist } = await wecom.call('tag/get', { tagid: String(id) })
    for (const { userid } of userlist as { userid: string }[]) found.add(userid)
  }
  const { people } = await wecom.control<{ people: { userid: string; visible: boolean }[] }>('GET', '/corp')
  expect(people).toHaveLength(260)
  expect([...found].sort()).toEqual(
    people
      .filter((each) => each.visible)
      .map((each) => each.userid)
      .sort(),
  )
  expect(people.filter((each) => !each.visible).map((each) => each.userid)).toEqual(['guwen-01', 'guwen-02'])
})

test('departments have names and parents, but only those in range', async () => {
  const { department } = (await wecom.call('department/list')) as unknown as { department: { name: string }[] }
  const names = department.map((each) => each.name)
  expect(names).toEqual(expect.arrayContaining(['华东大区', '上海南京西路店', '市场品牌部']))
  expect(names).not.toContain('外部顾问组')
})

test('user/get gives an app of today no mobile, avatar or mail', async () => {
  const zhangsan = await wecom.call('user/get', { userid: 'ZhangSan' })
  expect(zhangsan).toMatchObject({ errcode: 0, userid: 'zhangsan', name: '张三', position: '店长' })
  for (const field of ['mobile', 'avatar', 'email', 'biz_mail', 'gender']) expect(zhangsan).not.toHaveProperty(field)
})

test.each([
  [60111, 'user/get', { userid: 'ghost' }],
  [60111, 'user/get', { userid: 'guwen-01' }],
  [41009, 'user/get', {}],
  [60123, 'user/simplelist', { department_id: '99999' }],
  [60011, 'user/simplelist', { department_id: '1' }],
  [40068, 'tag/get', { tagid: '9' }],
  [301002, 'agent/get', { agentid: '1000003' }],
  [40056, 'agent/get', { agentid: '5' }],
  [48002, 'user/list_id', {}],
])('%i for %s', async (errcode, path, query) => {
  expect(await wecom.call(path, query as Record<string, string>)).toMatchObject({ errcode })
})

test('the same size gives the same corp, and it scales', async () => {
  const other = await aSimulator({ people: 3000 })
  try {
    const { people, departments } = await other.control<{ people: { name: string }[]; departments: unknown[] }>(
      'GET',
      '/corp',
    )
    expect(people).toHaveLength(3000)
    expect(departments.length).toBeGreaterThan(60)
    await other.control('POST', '/corp', { people: 260 })
    const ask = async (one: TestSimulator) =>
      (await one.control<{ people: { name: string }[] }>('GET', '/corp')).people.map((each) => each.name)
    expect(await ask(other)).toEqual(await ask(wecom))
  } finally {
    await other.close()
  }
})

test('people come, go, and change their name', async () => {
  const before = wecom.control('POST', '/people', { userid: 'newbie', name: '新来的', departments: [3] })
  expect(await before).toEqual({ ok: true })
  await wecom.control('PATCH', '/people/newbie', { name: '不新了' })
  expect(await wecom.call('user/get', { userid: 'newbie' })).toMatchObject({ name: '不新了', department: [3] })
  await wecom.control('DELETE', '/people/newbie')
  expect(await wecom.call('user/get', { userid: 'newbie' })).toMatchObject({ errcode: 60111 })
  expect(await wecom.control('POST', '/people', { userid: '-bad', name: 'x' })).toHaveProperty('error')
})
