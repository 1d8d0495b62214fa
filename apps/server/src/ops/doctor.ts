import type { CheckResult } from '@qimeng/contract/settings'
import type { Parts } from '../parts.ts'
import { askWecom, checkAgent } from './check-app.ts'
import { checkAddress, checkDirectory, checkDisk, checkDomainFile } from './check-house.ts'
import { checkStore } from './check-store.ts'
import { checkCallback, checkClock } from './check-wire.ts'

/**
 * What is wrong between us and WeCom, and who has to change what where. Each finding stands for itself, but those that need
 * WeCom's answer are left out when there is none.
 */
export async function checkConfiguration(parts: Pick<Parts, 'config' | 'db' | 'wecom'>): Promise<CheckResult[]> {
  const { agent, connection } = await askWecom(parts)
  return [
    connection,
    ...(agent ? checkAgent(parts, agent) : []),
    checkAddress(parts),
    ...checkDomainFile(parts),
    ...(await checkCallback(parts, agent)),
    ...checkClock(parts),
    await checkDirectory(parts),
    await checkDisk(parts),
    ...(await checkStore(parts)),
  ]
}
