import { describe, expect, it } from 'vitest'
import { getAgent } from './contacts.ts'
import { readVisibleRange } from './range.ts'
import { clientFor, refusal, wireServer, type WireAnswer, type WireRequest } from './test/wire-server.ts'

const ok = { errcode: 0, errmsg: 'ok' }

interface Corp {
  /** id → parent, name */
  departments: Record<number, [parent: number, name: string]>
  /** userid → departments */
  members: Record<string, number[]>
  /** Departments of which WeCom gives no details. */
  tooLarge?: number[]
  /** Of members who are not simply active. */
  status?: Record<string, number>
  tags?: Record<number, { users: string[]; departments: number[] }>
  visible: { users?: string[]; departments?: number[]; tags?: number[] }
}

/** The contact endpoints of WECOM.md 8 over a little corp. */
function corpServer(corp: Corp): (request: WireRequest) => object | undefined {
  const departments = Object.entries(corp.departments).map(([id, [parentid]]) => ({
    id: Number(id),
    parentid,
    order: 100,
  }))
  const isUnder = (id: number, root: number): boolean =>
    id === root || (corp.departments[id] !== undefined && isUnder(corp.departments[id][0], root))
  const member = (userid: string): object => ({
    ...{ userid, name: `名${userid}`, department: corp.members[userid] },
    ...{ position: `职${userid}`, main_department: corp.members[userid]!.at(-1), status: corp.status?.[userid] ?? 1 },
  })
  const membersIn = (id: number): string[] => Object.keys(corp.members).filter((one) => corp.members[one]!.includes(id))
  return ({ path, query }) => {
    const id = Number(query.id ?? query.department_id ?? query.tagid)
    switch (path.replace('/cgi-bin/', '')) {
      case 'agent/get':
        return {
          ...ok,
          agentid: 1000002,
          name: '企盟助手',
          allow_userinfos: { user: (corp.visible.users ?? []).map((userid) => ({ userid })) },
          allow_partys: { partyid: corp.visible.departments ?? [] },
          allow_tags: { tagid: corp.visible.tags ?? [] },
          close: 0,
          redirect_domain: 'wb.example.com',
          home_url: 'https://wb.example.com/m',
        }
      case 'department/simplelist':
        return { ...ok, department_id: departments.filter((department) => isUnder(department.id, id)) }
      case 'department/get':
        return { ...ok, department: { id, name: corp.departments[id]![1] } }
      case 'user/list':
        if (corp.tooLarge?.includes(id)) return refusal(45029, 'too many members')
        return { ...ok, userlist: membersIn(id).map(member) }
      case 'user/simplelist':
        return {
          ...ok,
          userlist: membersIn(id).map((userid) => ({ userid, name: `名${userid}`, department: corp.members[userid] })),
        }
      case 'tag/get':
        return {
          ...ok,
          tagname: '标签',
          userlist: corp.tags![id]!.users.map((userid) => ({ userid, name: userid })),
          partylist: corp.tags![id]!.departments,
        }
      case 'user/get':
        return corp.members[query.userid!] ? { ...ok, ...member(query.userid!) } : refusal(60111, 'userid not found')
    }
  }
}

const corp: Corp = {
  departments: { 1: [0, '公司'], 2: [1, '销售部'], 3: [2, '华东'], 4: [1, '市场部'], 5: [1, '财务部'] },
  members: { boss: [1], zhangsan: [2], lisi: [2, 3], wangwu: [3], zhaoliu: [4], qianqi: [5], sunba: [5] },
  tags: { 7: { users: ['qianqi', 'LiSi'], departments: [4] } },
  visible: { users: ['boss', 'ghost'], departments: [2], tags: [7] },
}

const largeCorp: Corp = {
  departments: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i + 1, [i ? 1 : 0, `部门${i}`]])),
  members: Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`u${i}`, [(i % 300) + 1]])),
  visible: { departments: [1] },
}

describe('readVisibleRange', () => {
  it('is the union of users, departments with all below them, and tags', async () => {
    const { url, to } = await wireServer(corpServer(corp))
    const { departments, members } = await readVisibleRange(clientFor(url))
    expect(departments.map(({ id, parentId, name }) => [id, parentId, name])).toEqual([
      [2, 1, '销售部'],
      [3, 2, '华东'],
      [4, 1, '市场部'],
    ])
    expect(members.map(({ userid }) => userid).toSorted()).toEqual([
      'boss',
      'lisi',
      'qianqi',
      'wangwu',
      'zhangsan',
      'zhaoliu',
    ])
    expect(members.find(({ userid }) => userid === 'lisi')).toEqual({
      userid: 'lisi',
      name: '名lisi',
      departmentIds: [2, 3],
      mainDepartmentId: 3,
      position: '职lisi',
      active: true,
    })
    // Only those whom no department has shown already are asked for one by one.
    expect(to('user/get').map(({ query }) => query.userid)).toEqual(['boss', 'ghost', 'qianqi'])
  })

  it('makes do with names where WeCom gives no details', async () => {
    const { url, to } = await wireServer(corpServer({ ...corp, tooLarge: [4] }))
    const { members } = await readVisibleRange(clientFor(url))
    expect(members).toHaveLength(6)
    expect(members.find(({ userid }) => userid === 'zhaoliu')).toEqual({
      ...{ userid: 'zhaoliu', name: '名zhaoliu', departmentIds: [4], mainDepartmentId: undefined, position: undefined },
      active: true,
    })
    expect(to('user/simplelist').map(({ query }) => query.department_id)).toEqual(['4'])
  })

  it('leaves out whom WeCom has disabled and who has quit, also where another list gives their names', async () => {
    const status = { boss: 2, lisi: 2, wangwu: 5, zhaoliu: 4 }
    for (const tooLarge of [[], [2], [3]]) {
      const { url } = await wireServer(corpServer({ ...corp, status, tooLarge }))
      const { members } = await readVisibleRange(clientFor(url))
      const found = members.map(({ userid }) => userid).toSorted()
      // A department that is too large for details hides who of it is disabled.
      expect(found).toEqual(['qianqi', ...(tooLarge.includes(3) ? ['wangwu'] : []), 'zhangsan', 'zhaoliu'])
    }
  })

  it('reads a large corp with few calls at a time', async () => {
    const answer = corpServer(largeCorp)
    let underWay = 0
    let most = 0
    const later: WireAnswer = (request, response) => {
      const reply = answer(request)
      if (!reply) return undefined
      most = Math.max(most, ++underWay)
      setImmediate(() => {
        underWay--
        response.end(JSON.stringify(reply))
      })
    }
    const { url } = await wireServer(later)
    const range = await readVisibleRange(clientFor(url), { concurrency: 4 })
    expect([range.departments.length, range.members.length]).toEqual([300, 3_000])
    expect(most).toBeLessThanOrEqual(4)
  })

  it('rides out a busy moment', async () => {
    const answer = corpServer(corp)
    let calls = 0
    const { url } = await wireServer((request) =>
      request.path !== '/cgi-bin/gettoken' && ++calls % 3 === 0
        ? refusal(45009, 'api freq out of limit')
        : answer(request),
    )
    const { members } = await readVisibleRange(clientFor(url), { concurrency: 1, pauses: [0, 0, 0] })
    expect(members).toHaveLength(6)
  })

  it('ends at once when it is told to', async () => {
    const stop = new AbortController()
    const { url, to } = await wireServer(({ path }) => {
      if (path === '/cgi-bin/gettoken') return undefined
      stop.abort(new Error('the server stops'))
      return refusal(-1, 'system busy')
    })
    const reading = readVisibleRange(clientFor(url), { signal: stop.signal, pauses: [600_000] })
    await expect(reading).rejects.toThrow()
    expect(to('agent/get')).toHaveLength(1)
  })

  it('does not wait for a call that hangs when it is told to end', async () => {
    const stop = new AbortController()
    const ending = new Error('the server stops')
    const { url } = await wireServer(({ path }) => {
      if (path === '/cgi-bin/agent/get') stop.abort(ending)
    })
    await expect(readVisibleRange(clientFor(url), { signal: stop.signal })).rejects.toBe(ending)
  }, 4_000)

  it('fails as a whole, and stops asking, rather than report people as gone', async () => {
    const answer = corpServer(largeCorp)
    const { url, to } = await wireServer((request) =>
      request.query.department_id === '2' ? refusal(60011, 'no privilege') : answer(request),
    )
    const client = clientFor(url)
    const reading = readVisibleRange(client, { concurrency: 2, pauses: [] })
    await expect(reading).rejects.toMatchObject({ kind: 'config', errcode: 60011 })
    // While these take their turns, a reader that went on would go on asking for the other 298 departments.
    for (let turn = 0; turn < 20; turn++) await getAgent(client)
    expect(to('user/list').length).toBeLessThan(6)
  })
})

describe('getAgent', () => {
  it('unwraps the objects with inner arrays', async () => {
    const { url } = await wireServer(corpServer(corp))
    expect(await getAgent(clientFor(url))).toEqual({
      name: '企盟助手',
      closed: false,
      redirectDomain: 'wb.example.com',
      homeUrl: 'https://wb.example.com/m',
      visible: { userIds: ['boss', 'ghost'], departmentIds: [2], tagIds: [7] },
    })
  })
})
