import type { Caller, ConsoleApi } from '@qimeng/contract'
import { expect } from '@playwright/test'
import type { Phone } from './phone.ts'
import { aScreenshot } from './pictures.ts'
import { aPush, aTask, createDueNow } from './tasks.ts'

/** A task that is on its way: all its cards have an outcome. */
export async function launch(call: Caller<ConsoleApi>, name: string, executors: string[]): Promise<{ pushId: string }> {
  const { id: taskId } = await createDueNow(call, (now) =>
    aTask({ name, executors, pushes: [aPush({ scheduledAt: now })] }),
  )
  const push = async () => (await call('GET /api/console/tasks/:taskId', { params: { taskId } })).pushes[0]!
  await expect.poll(async () => (await push()).cards.delivered, name).toBe(executors.length)
  return { pushId: (await push()).id }
}

/** So many people of a department. */
export async function someOf(call: Caller<ConsoleApi>, department: string, limit: number) {
  const { departments } = await call('GET /api/console/departments')
  const departmentId = departments.find(({ name }) => name === department)!.id
  return (await call('GET /api/console/people', { query: { departmentId, limit } })).rows
}

/** On that phone: a proof with a screenshot of each colour. */
export async function submitProof(phone: Phone, pushId: string, ...colours: string[]): Promise<void> {
  await phone.openLink(`/m/pushes/${pushId}/proof`)
  const screenshots = colours.map((colour, place) => aScreenshot(`截屏${place + 1}.jpg`, colour))
  await phone.uploadProof(...(await Promise.all(screenshots)))
}
