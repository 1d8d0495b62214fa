import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startWorld, type World } from '../test/world.ts'

// Whose address limits and logs go by. The tests connect from a loopback address, as a proxy on the same machine does.

const CALLBACK = { WECOM_CALLBACK_TOKEN: 'token', WECOM_CALLBACK_AES_KEY: 'a'.repeat(43) }

let world: World
beforeAll(async () => void (world = await startWorld({ env: CALLBACK })))
afterAll(() => world.stop())

/** The address of somebody who says this, as the log has it. */
async function addressOf(forwarded: string): Promise<unknown> {
  const warn = vi.spyOn(world.parts.log, 'warn')
  await world.browser().get('/wecom/callback?msg_signature=x', { 'X-Forwarded-For': forwarded })
  const said = warn.mock.calls.map(([fields]) => fields as { from?: string })
  warn.mockRestore()
  return said.at(-1)?.from
}

test('our proxy is believed about its own client, and nobody about others', async () => {
  expect(await addressOf('198.51.100.7')).toBe('198.51.100.7')
  expect(await addressOf('127.0.0.1, 203.0.113.9, 198.51.100.7')).toBe('198.51.100.7')
})

test('who is not named in TRUST_PROXY is not believed at all', async () => {
  await world.restart({ env: { ...CALLBACK, TRUST_PROXY: '192.0.2.1' } })
  expect(await addressOf('198.51.100.7')).toMatch(/^(127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/)
})

test('neither Host nor X-Forwarded-Host leads anybody elsewhere', async () => {
  const { headers } = await world
    .browser()
    .get('/auth/me/login', { 'X-Forwarded-Host': 'evil.example', Host: 'evil.example' })
  expect(decodeURIComponent(String(headers.location))).toContain(`${world.publicUrl}/auth/me/callback`)
  expect(String(headers.location)).not.toContain('evil.example')
})
