import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildParts } from '../start.ts'
import { anImage } from '../test/builders.ts'
import { ENGINE } from '../test/database.ts'
import { startWorld, type AdminCaller, type World } from '../test/world.ts'
import { COMMANDS } from './commands.ts'

let world: World
let admin: AdminCaller
beforeEach(async () => {
  world = await startWorld()
  admin = await world.admin('zhangsan')
})
afterEach(() => world.stop())

/** As an operator does it: beside the servers on PostgreSQL, and between stop and start on SQLite. */
async function renewLinks() {
  const { config, log } = world.parts
  if (ENGINE === 'sqlite') await world.stopServer()
  const said: string[] = []
  const open = () => buildParts(config, { log })
  const print = (line: string) => void said.push(line)
  const code = await COMMANDS['renew-links']!.run({ config, args: [], print, open })
  if (ENGINE === 'sqlite') await world.restart()
  expect({ code, said }).toEqual({ code: 0, said: [expect.stringMatching(/^No picture link made until now/)] })
}

const statusOf = async (url: string) => (await world.browser().get(url)).status

test('no link that was out opens a picture any more, and pages get links that do', async () => {
  const { id, full, thumb } = await admin('POST /api/console/images', { image: await anImage() })
  expect(await statusOf(full)).toBe(200)
  await renewLinks()
  expect([await statusOf(full), await statusOf(thumb)]).toEqual([403, 403])
  const fresh = await admin('GET /api/console/images/:imageId', { params: { imageId: id } })
  expect(fresh.full).not.toBe(full)
  expect([await statusOf(fresh.full), await statusOf(fresh.thumb)]).toEqual([200, 200])
})

test('is on record, and ends no session', async () => {
  await renewLinks()
  const { rows } = await admin('GET /api/console/audit', { query: { limit: 1 } })
  expect(rows).toMatchObject([{ actor: '系统', action: 'links.renew', about: '已发出的全部链接' }])
})
