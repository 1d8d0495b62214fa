import { startOfMinute } from '@qimeng/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as XLSX from 'xlsx'
import { newId } from '../db/id.ts'
import { sweepHouse } from '../ops/housekeeping.ts'
import { anImage, aPush, aTask } from '../test/builders.ts'
import { startWorld, type World } from '../test/world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
  world.clock.hold()
})
afterEach(() => world.stop())

async function keys() {
  const found: string[] = []
  for await (const key of world.parts.blobs.list()) found.push(key)
  return found.sort()
}

test('a proof goes in, is looked at in parts, comes out in an export, and what nobody names is swept away', async () => {
  const admin = await world.admin('zhangsan')
  const lisi = await world.employee('lisi')
  const pushes = [aPush({ scheduledAt: startOfMinute(world.clock.now()) })]
  const { id: taskId } = await admin('POST /api/console/tasks', { body: aTask({ pushes }) })
  await world.parts.jobs.idle()
  const task = await admin('GET /api/console/tasks/:taskId', { params: { taskId } })
  const params = { pushId: task.pushes[0]!.id }

  const image = await lisi('POST /api/me/images', { image: await anImage({ width: 400, height: 300 }) })
  await lisi('POST /api/me/pushes/:pushId/proofs', { params, body: { images: [image.id] } })

  const whole = await lisi.browser.get(image.full)
  expect([whole.status, whole.headers['accept-ranges']]).toEqual([200, 'bytes'])
  const size = whole.data.length
  const part = await lisi.browser.get(image.full, { Range: 'bytes=10-19' })
  expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 10-19/${size}`])
  expect(part.data.equals(whole.data.subarray(10, 20))).toBe(true)

  const { exportId } = await admin('POST /api/console/pushes/:pushId/exports', { params, body: { state: 'done' } })
  await world.parts.jobs.idle()
  const file = `/api/console/exports/${exportId}/file`
  const { data } = await admin.browser.get(file)
  expect(JSON.stringify(XLSX.read(data))).toContain('李四')
  const rest = await admin.browser.get(file, { Range: `bytes=${data.length - 5}-` })
  expect(rest.data.equals(data.subarray(-5))).toBe(true)

  const kept = (await keys()).filter((key) => key.endsWith(image.id))
  expect(kept).toContain(`images/full/${image.id}`)
  const dead = newId()
  await world.parts.blobs.put(`images/full/${dead}`, Buffer.from('an upload that died before its row'))
  world.clock.advance(8 * 24 * 3_600_000)
  await sweepHouse(world.parts)
  expect(await keys()).toEqual(kept)
})
