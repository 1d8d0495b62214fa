import { type Launched, type Rig, SEND } from './rig.ts'
import { add, hold, nothingFound, type Scenario } from './scenario.ts'
import { until } from './helpers.ts'

/** WeCom refuses some of a call, and then all of one. */
async function partlyInvalid(rig: Rig) {
  const { wecom, admin } = rig
  await wecom.hire({ userid: 'WangXiaoMing', name: '王小明', departments: [2], licensed: false })
  await wecom.hire({ userid: 'LeftToday', name: '今日离职', departments: [2] })
  await admin('POST /api/console/directory/sync')
  await until('they are in the directory', async () => {
    const { rows } = await admin('GET /api/console/people', { query: { keyword: '今日离职' } })
    return rows.length > 0
  })
  await wecom.dismiss('LeftToday')
  const some = await rig.launch({ executors: ['lisi', 'WangXiaoMing', 'LeftToday'] })
  const none = await rig.launch({ executors: ['LeftToday'] })
  const slowestRecovery = await rig.settled([some, none])
  const states = await statesOf(rig, some)
  hold(states.lisi === 'delivered', 'who can be reached is reached')
  hold(states.WangXiaoMing === 'failed' && states.LeftToday === 'failed', 'who cannot is named, in whatever case')
  hold((await statesOf(rig, none)).LeftToday === 'failed', 'a call for nobody (81013) fails for those alone')
  const expected = [
    { ...some, executors: ['lisi'] },
    { ...none, executors: [] },
  ]
  return { runs: 1, kills: 0, ...(await rig.census(expected)), slowestRecovery }
}

async function statesOf(rig: Rig, { pushId }: Launched): Promise<Record<string, string>> {
  const query = { state: 'pending', limit: 100 } as const
  const { rows } = await rig.admin('GET /api/console/pushes/:pushId/executions', { params: { pushId }, query })
  return Object.fromEntries(rows.map(({ userid, cardState }) => [userid, cardState]))
}

const MOST_IN_A_CALL = 1000

async function split(rig: Rig) {
  const sum = nothingFound()
  for (const people of [1, 999, 1000, 1001, 2001]) {
    const launched = await rig.launch({ executors: rig.people.slice(0, people) })
    const slowestRecovery = await rig.settled([launched])
    const calls = rig.wire.calls(SEND).filter(({ body }) => body.includes(launched.pushId))
    const named = calls.map(({ body }) => (JSON.parse(body) as { touser: string }).touser.split('|'))
    hold(calls.length === Math.ceil(people / MOST_IN_A_CALL), `${people} people take as few calls as can be`)
    hold(
      named.every(({ length }) => length <= MOST_IN_A_CALL),
      'no call names more than a thousand',
    )
    hold(new Set(named.flat()).size === people, 'everybody is named once')
    add(sum, { ...(await rig.census([launched])), slowestRecovery })
  }
  return sum
}

export const peopleScenarios: Scenario[] = [
  {
    id: 'R7',
    name: 'recipients invalid, unlicensed, all invalid (81013)',
    passes: 'state per person',
    run: ({ withRig }) => withRig({}, partlyInvalid),
  },
  {
    id: 'R8',
    name: '1, 999, 1000, 1001 and 2001 recipients',
    passes: 'right splits, one card per person',
    run: ({ withRig }) => withRig({ people: 2_100 }, split),
  },
]
