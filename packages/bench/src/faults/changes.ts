import { setTimeout as delay } from 'node:timers/promises'
import { MINUTE, startOfMinute } from '@qimeng/contract'
import { aPush, aTask, until } from './helpers.ts'
import { type Launched, type Rig, SEND } from './rig.ts'
import { add, hold, nothingFound, type Scenario } from './scenario.ts'

const remove = (rig: Rig, { taskId }: Launched) =>
  rig.admin('DELETE /api/console/tasks/:taskId', { params: { taskId } })

const onPhones = async (rig: Rig, { pushId }: Launched) =>
  (await rig.wecom.messages()).filter(({ url }) => url?.includes(pushId)).length

/** Deletes a task at some moment after its creation; what is on the phones at the answer is all that ever will be. */
async function deleteAfter(rig: Rig, ms: number) {
  const launched = await rig.launch({ executors: rig.people })
  await delay(ms)
  await remove(rig, launched)
  const atTheAnswer = await onPhones(rig, launched)
  await rig.kill()
  await rig.start()
  await delay(300)
  const doubled = (await onPhones(rig, launched)) - atTheAnswer
  return { kills: 1, lost: 0, doubled }
}

/** Edits at the minute: the card shows the edit whole, or the edit is refused. */
async function editAtTheMinute(rig: Rig) {
  const scheduledAt = startOfMinute(rig.now()) + MINUTE
  const launched = await rig.launch({ pushes: [aPush(scheduledAt)] })
  const at = { params: { taskId: launched.taskId } }
  const { version } = await rig.admin('GET /api/console/tasks/:taskId/form', at)
  await rig.setClock(scheduledAt - Date.now())
  const change = { ...aTask({ name: '改过了', pushes: [aPush(scheduledAt)] }, 0), version }
  const edited = await rig.admin('PUT /api/console/tasks/:taskId', { ...at, body: change }).then(
    () => true,
    (error: { code?: string }) => {
      hold(error.code === 'conflict', 'an edit that comes too late is refused as such')
      return false
    },
  )
  await rig.settled([launched])
  const { pushes } = await rig.admin('GET /api/console/tasks/:taskId', at)
  const call = rig.wire.calls(SEND).find(({ body }) => body.includes(pushes[0]!.id))
  hold(call!.body.includes('改过了') === edited, 'the card shows the edit whole or not at all')
  await rig.setClock(0)
  return rig.census([{ ...launched, pushId: pushes[0]!.id }, ...(edited ? [{ ...launched, executors: [] }] : [])])
}

/** Two administrators remind at once, while the cards are still on the wire. */
async function remindTwice(rig: Rig) {
  const release = rig.wire.on(SEND, 'before', () => delay(300))
  const launched = await rig.launch({ executors: rig.people })
  await until('it is issued', async () => {
    const { pushes } = await rig.admin('GET /api/console/tasks/:taskId', { params: { taskId: launched.taskId } })
    return pushes[0]!.state === 'issued'
  })
  const remind = () =>
    rig.admin('POST /api/console/pushes/:pushId/reminders', {
      params: { pushId: launched.pushId },
      body: { userids: null },
    })
  const reports = await Promise.all([remind(), remind()])
  hold(reports.map(({ queued }) => queued).sort((a, b) => a - b)[0] === 0, 'the second reminder goes to nobody')
  await rig.settled([launched])
  await until('everybody has both', async () => (await onPhones(rig, launched)) >= 2 * launched.executors.length)
  release()
  return rig.census([{ ...launched, cards: 2 }])
}

export const changeScenarios: Scenario[] = [
  {
    id: 'R15',
    name: 'edit, delete, remind while cards go out',
    passes: 'no card after a delete was acknowledged',
    run: ({ withRig }) =>
      withRig({}, async (rig) => {
        const sum = nothingFound()
        const release = rig.wire.on(SEND, 'before', () => delay(150))
        for (const ms of [0, 20, 60, 120, 250]) add(sum, await deleteAfter(rig, ms))
        release()
        add(sum, await editAtTheMinute(rig))
        return add(sum, await remindTwice(rig))
      }),
  },
]
