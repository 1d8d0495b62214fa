import axios from 'axios'
import { readConfig, startServer } from '../apps/server/src/index.ts'
import type { Caller } from '../packages/contract/src/client.ts'
import type { ConsoleApi, NewPush } from '../packages/contract/src/index.ts'
import { DEFAULT_HINT } from '../packages/contract/src/limits.ts'
import { startOfMinute } from '../packages/contract/src/time.ts'
import { CAMPAIGNS, type SeedCampaign, type SeedPush } from './seed/campaigns.ts'
import { aPoster, aScreenshot } from './seed/pictures.ts'
import { visitConsole, visitPhone } from './seed/visitor.ts'

/**
 * Gives the demo a past. It starts the real server with a clock of its own and lives the last week in order, as people
 * would: an administrator creates tasks through the API, pushes fall due, cards reach the phones, employees upload proofs.
 */
const MINUTE = 60_000
const ADMINISTRATOR = 'zhangsan'

let offset = 0
const config = readConfig({ ...process.env, LOG_LEVEL: 'warn' })
const server = await startServer(config, { clock: { now: () => Date.now() + offset } })
// Not PUBLIC_URL: in development something else listens there.
const at = { serverUrl: `http://localhost:${server.port}`, simulatorUrl: config.wecom.apiUrl }
const begin = Date.now()
const posters = new Map<number, Promise<Blob>>()

/** What happens, when. Whatever comes later may be added while it happens. */
const events: { at: number; happen: () => Promise<void> }[] = []

async function travelTo(moment: number) {
  offset = Math.round(moment) - Date.now()
  await axios.post(`${at.simulatorUrl}/__sim/clock`, { offsetMs: offset }, { proxy: false })
}

async function uploadPosters(
  call: Caller<ConsoleApi>,
  count: number,
  first: number,
  purpose: 'content' | 'cover' = 'content',
): Promise<string[]> {
  const ids: string[] = []
  for (let number = first; number < first + count; number++) {
    const poster = posters.get(number % 12) ?? aPoster(number % 12)
    posters.set(number % 12, poster)
    ids.push((await call('POST /api/console/images', { image: await poster, query: { purpose } })).id)
  }
  return ids
}

async function chooseExecutors(call: Caller<ConsoleApi>, campaign: SeedCampaign): Promise<string[]> {
  const { departments } = await call('GET /api/console/departments')
  // The administrator tries the campaigns too, so that one phone has something of everything.
  const chosen = new Set([ADMINISTRATOR])
  const wanted = Math.ceil(campaign.people / campaign.departments.length)
  for (const name of campaign.departments) {
    const departmentId = departments.find((department) => department.name === name)?.id
    if (departmentId === undefined) throw new Error(`the simulated company has no department ${name}`)
    const { rows } = await call('GET /api/console/people', { query: { departmentId, limit: wanted } })
    for (const { userid } of rows) if (chosen.size < campaign.people) chosen.add(userid)
  }
  return [...chosen]
}

async function createTask(campaign: SeedCampaign, number: number) {
  const call = await visitConsole(at, ADMINISTRATOR)
  const executors = await chooseExecutors(call, campaign)
  const pushes: NewPush[] = []
  for (const push of campaign.pushes) {
    pushes.push({
      name: push.name,
      scheduledAt: startOfMinute(begin + push.at),
      text: push.text,
      images: await uploadPosters(call, push.pictures ?? 0, number * 3 + pushes.length),
      link: push.link
        ? { ...push.link, coverId: (await uploadPosters(call, 1, number * 2 + 2, 'cover'))[0] ?? null }
        : null,
    })
  }
  const { name, scope } = campaign
  const body = { name, executors, sendScope: scope, hint: DEFAULT_HINT[scope], pushes }
  const { id } = await call('POST /api/console/tasks', { body })
  const view = await call('GET /api/console/tasks/:taskId', { params: { taskId: id } })
  campaign.pushes.forEach((push, index) => {
    if (push.at >= 0) return
    planIssue(push, executors)
    planProofs(push, view.pushes[index]?.id ?? '', executors, number)
  })
}

/** The server lives through the minute of a push: people it cannot reach are without a licence for that moment. */
function planIssue(push: SeedPush, executors: string[]) {
  const unreached = executors.slice(executors.length - (push.unreached ?? 0))
  const license = (licensed: boolean) =>
    Promise.all(
      unreached.map((userid) =>
        axios.patch(`${at.simulatorUrl}/__sim/people/${userid}`, { licensed }, { proxy: false }),
      ),
    )
  const downFor = push.missed ? 3 * 60 * MINUTE : 0
  const happen = async () => {
    await license(false)
    await server.parts.jobs.idle()
    await license(true)
  }
  events.push({ at: begin + push.at + downFor, happen })
}

/** Most people publish within the first hours; the times spread out from minutes to a day. */
function planProofs(push: SeedPush, pushId: string, executors: string[], number: number) {
  const willing = executors.slice(1).concat(executors.slice(0, 1))
  const doing = willing.slice(0, Math.round(executors.length * (push.done ?? 0)))
  const window = Math.min(-push.at * 0.8, 20 * 60 * MINUTE)
  doing.forEach((userid, index) => {
    const delay = 3 * MINUTE + window * (index / Math.max(doing.length, 1)) ** 2
    events.push({ at: begin + push.at + delay, happen: () => uploadProof(userid, pushId, number + index) })
  })
}

async function exportFinished() {
  const call = await visitConsole(at, ADMINISTRATOR)
  const { rows } = await call('GET /api/console/tasks', { query: { sort: 'oldest', limit: 1 } })
  const view = await call('GET /api/console/tasks/:taskId', { params: { taskId: rows[0]?.id ?? '' } })
  const pushId = view.pushes[0]?.id ?? ''
  await call('POST /api/console/pushes/:pushId/exports', { params: { pushId }, body: { state: 'done' } })
  await server.parts.jobs.idle()
}

const phones = new Map<string, ReturnType<typeof visitPhone>>()

async function uploadProof(userid: string, pushId: string, number: number) {
  const phone = phones.get(userid) ?? visitPhone(at, userid)
  phones.set(userid, phone)
  const call = await phone
  const images: string[] = []
  for (let index = 0; index <= number % 2; index++) {
    images.push((await call('POST /api/me/images', { image: await aScreenshot(number + index) })).id)
  }
  await call('POST /api/me/pushes/:pushId/proofs', { params: { pushId }, body: { images } })
}

try {
  CAMPAIGNS.forEach((campaign, number) =>
    events.push({ at: begin - campaign.createdBefore, happen: () => createTask(campaign, number) }),
  )
  await travelTo(begin - 9 * 24 * 60 * MINUTE)
  await server.parts.jobs.idle()
  while (events.length > 0) {
    const next = events.reduce((earliest, event) => (event.at < earliest.at ? event : earliest))
    events.splice(events.indexOf(next), 1)
    await travelTo(next.at)
    await next.happen()
  }
  await travelTo(Date.now())
  await exportFinished()
  await server.parts.jobs.idle()
} finally {
  await server.stop()
}
