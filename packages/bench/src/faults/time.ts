import { DAY, formatShanghai, HOUR, MINUTE, parseShanghai, SECOND, startOfMinute } from '@qimeng/contract'
import { aPush, until } from './helpers.ts'
import { type Launched, type Rig, SEND } from './rig.ts'
import { add, hold, nothingFound, type Scenario, sumOf } from './scenario.ts'

const pushOf = async (rig: Rig, { taskId }: Launched) =>
  (await rig.admin('GET /api/console/tasks/:taskId', { params: { taskId } })).pushes[0]!

/** A task whose minute comes within seconds of the server's time. */
async function soon(rig: Rig): Promise<Launched & { scheduledAt: number }> {
  const scheduledAt = startOfMinute(rig.now()) + MINUTE
  const launched = await rig.launch({ pushes: [aPush(scheduledAt)] })
  return { ...launched, scheduledAt }
}

/** The clock as it will stand so long after that moment, as an offset to this machine's. */
const clockAt = (moment: number) => moment - Date.now()

async function downOverTheMinute(rig: Rig, lateness: number) {
  const launched = await soon(rig)
  await rig.kill()
  await rig.setClock(clockAt(launched.scheduledAt + lateness))
  await rig.start()
  await rig.logInAgain()
  const slowestRecovery = await rig.settled([launched])
  const { state, late } = await pushOf(rig, launched)
  const missed = lateness > 2 * HOUR
  hold(
    missed ? state === 'missed' : state === 'issued' && late,
    `${lateness / HOUR} h late: ${missed ? 'missed' : 'late'}`,
  )
  const { rows } = await rig.admin('GET /api/console/messages', { query: {} })
  const told = rows.some(({ kind, pushId }) => kind === 'push_missed' && pushId === launched.pushId)
  hold(told === missed, 'the administrator is told of a missed push')
  const expected = missed ? { ...launched, executors: [] } : launched
  return { kills: 1, ...(await rig.census([expected])), slowestRecovery }
}

/** Forward over the minute: nobody is disturbed. Back over it: nobody is disturbed twice. */
async function clockJumps(rig: Rig) {
  const sum = nothingFound()
  const skipped = await soon(rig)
  await rig.setClock(3 * HOUR)
  await until('it is missed', async () => (await pushOf(rig, skipped)).state === 'missed')
  await rig.setClock(0)
  add(sum, await rig.census([{ ...skipped, executors: [] }]))

  const sent = await rig.launch()
  const slowestRecovery = await rig.settled([sent])
  for (const offset of [-HOUR, 0, HOUR]) {
    await rig.setClock(offset)
    await rig.kill()
    await rig.start()
    await rig.settled([sent])
  }
  return add(sum, { kills: 3, ...(await rig.census([sent])), slowestRecovery })
}

/** Minutes that a wrong zone or a wrong calendar would move. */
const MINUTES = ['2028-02-29 09:30', '2028-03-01 00:00'] as const

async function sameMinute(rig: Rig, zone: string) {
  const sum = nothingFound()
  for (const minute of MINUTES) {
    const scheduledAt = parseShanghai(minute)!
    await rig.kill()
    await rig.setClock(clockAt(scheduledAt - 5 * MINUTE))
    await rig.start({}, { TZ: zone })
    await rig.logInAgain()
    const launched = await rig.launch({ pushes: [aPush(scheduledAt)] })
    await rig.setClock(clockAt(scheduledAt - 2 * SECOND))
    const slowestRecovery = await rig.settled([launched])
    const { issuedAt } = await pushOf(rig, launched)
    const call = rig.wire.calls(SEND).find(({ body }) => body.includes(launched.pushId))
    hold(startOfMinute(issuedAt!) === scheduledAt, `${minute} comes at its minute in ${zone}`)
    hold(call!.body.includes(formatShanghai(scheduledAt)), `the card says ${minute} in ${zone}`)
    add(sum, { kills: 1, ...(await rig.census([launched])), slowestRecovery })
  }
  return sum
}

export const timeScenarios: Scenario[] = [
  {
    id: 'R10',
    name: 'down over the minute for 10 min, 3 h, 3 days',
    passes: 'late, missed, missed, with notice',
    async run({ withRig }) {
      const found = [10 * MINUTE, 3 * HOUR, 3 * DAY].map((lateness) =>
        withRig({}, (rig) => downOverTheMinute(rig, lateness)),
      )
      return sumOf(await Promise.all(found))
    },
  },
  {
    id: 'R11',
    name: 'clock +3 h over a due time, -1 h and +1 h after it',
    passes: 'no repeats',
    run: ({ withRig }) => withRig({}, clockJumps),
  },
  {
    id: 'R12',
    name: 'server in UTC, Shanghai, New York; 29 February',
    passes: 'the same Shanghai minute',
    async run({ withRig }) {
      const zones = ['UTC', 'Asia/Shanghai', 'America/New_York']
      const found = zones.map((zone) => withRig({ orders: { tellsPostgres: true } }, (rig) => sameMinute(rig, zone)))
      return sumOf(await Promise.all(found))
    },
  },
]
