import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from './test/world.ts'

let world: World
beforeAll(async () => void (world = await startWorld()))
afterAll(() => world.stop())

const cli = new URL('./cli.ts', import.meta.url).pathname

/** The command as an operator runs it, in a process of its own. */
async function run(args: string[], change: Record<string, string> = {}) {
  const { config } = world.parts
  const env = {
    PATH: process.env.PATH,
    PUBLIC_URL: config.publicUrl,
    DATA_DIR: config.dataDir,
    WECOM_CORP_ID: config.wecom.corpId,
    WECOM_AGENT_ID: String(config.wecom.agentId),
    WECOM_SECRET: config.wecom.secret,
    WECOM_API_URL: config.wecom.apiUrl,
    ...change,
  }
  const ended = promisify(execFile)(process.execPath, [cli, ...args], { env })
  return ended.then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  )
}

test('doctor works beside the server that has the database', async () => {
  const { code, stdout } = await run(['doctor'])
  expect(stdout).toContain('✓ 企业微信连接：已连接应用「企盟助手」')
  expect(stdout).toMatch(/✓ 通讯录：\d+ 名员工/)
  expect(stdout).toMatch(/✗ 访问地址：.* 不是 https.*\n {4}正式使用时/)
  expect(stdout).toMatch(/\n\n\d+ 项正常，1 项需要处理\n$/)
  expect(code).toBe(1)
})

test('doctor finds a secret that has been reset, on which the server still lives by its token', async () => {
  const { stdout } = await run(['doctor'], { WECOM_SECRET: 'another' })
  expect(stdout).toMatch(/✗ 企业微信连接：企业微信返回错误 40001.*\n {4}应用的 Secret 不正确/)
})

test('doctor works before the first start', async () => {
  const { stdout } = await run(['doctor'], { DATA_DIR: `${world.parts.config.dataDir}/new` })
  expect(stdout).toContain('✗ 通讯录：尚未同步')
})

test('somebody gets into the console from the terminal, even before the directory is known', async () => {
  const DATA_DIR = `${world.parts.config.dataDir}/locked-out`
  expect(await run(['admin', 'add', 'wangwu'], { DATA_DIR })).toMatchObject({
    code: 0,
    stdout: 'wangwu may log in to the console now.\n',
  })
  expect(await run(['admin', 'add', 'WangWu'], { DATA_DIR })).toMatchObject({
    code: 0,
    stdout: 'WangWu is an administrator already.\n',
  })
  expect((await run(['admin', 'list'], { DATA_DIR })).stdout).toContain('(not in the directory, or has left)')
  expect(await run(['admin', 'add'], { DATA_DIR })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Whom\?/) })
})

test('what is missing in the environment is named, and so are the commands', async () => {
  expect(await run(['doctor'], { WECOM_SECRET: '' })).toMatchObject({ code: 1, stderr: 'WECOM_SECRET is missing\n' })
  expect(await run([])).toMatchObject({ code: 2, stderr: expect.stringContaining('doctor') })
})

test('a backup is made beside the server, and put back only once it is stopped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-cli-'))
  try {
    const made = await run(['backup', folder])
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(folder) })
    const [backup] = await readdir(folder)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name))
      expect([entry.name, mode & 0o077]).toEqual([entry.name, 0])
    }
    expect(await run(['restore', join(folder, backup!)])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already using'),
    })
    const restored = await run(['restore', join(folder, backup!)], { DATA_DIR: join(folder, 'new') })
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('已错过') })
    expect(await run(['restore', folder])).toMatchObject({ code: 1, stderr: expect.stringContaining('is no backup') })
  } finally {
    await rm(folder, { recursive: true })
  }
  // Five processes, one after the other.
}, 120_000)
