import { mkdir } from 'node:fs/promises'
import type { CheckResult } from '@qimeng/contract/settings'
import { createWecomClient, memoryTokenStore } from '@qimeng/wecom'
import type { Config } from '../config.ts'
import { openForReading } from '../db/look.ts'
import { checkConfiguration } from './doctor.ts'

/**
 * The configuration check of 设置, for a terminal: also before the first start, and while the server runs. It only reads the
 * database, so the access token that it fetches is its own.
 */
export async function diagnose(config: Config): Promise<CheckResult[]> {
  await mkdir(config.dataDir, { recursive: true })
  const db = await openForReading(config.databaseUrl)
  try {
    const wecom = createWecomClient(config.wecom, { tokens: memoryTokenStore(), now: Date.now })
    return await checkConfiguration({ config, db, wecom })
  } finally {
    await db.destroy()
  }
}

/** One line for each finding, its cure below, and the sum of them at the end. */
export function report(checks: readonly CheckResult[]): string {
  const lines = checks.flatMap(({ name, ok, message, cure }) => [
    `${ok ? '✓' : '✗'} ${name}：${message}`,
    ...(ok ? [] : [`    ${cure}`]),
  ])
  const wrong = checks.filter(({ ok }) => !ok).length
  const sum = wrong === 0 ? `${checks.length} 项全部正常` : `${checks.length - wrong} 项正常，${wrong} 项需要处理`
  return [...lines, '', sum].join('\n')
}
