import type { Config } from '../config.ts'
import type { Parts } from '../parts.ts'
import { type DataPlace, dropOldBackups, listBackups, makeBackup } from './backup.ts'

type PlanParts = Pick<Parts, 'clock' | 'log'> & { config: DataPlace & Pick<Config, 'backup'> }

/** Every few minutes: makes the backup that the configuration asks for when it is due, and removes those it has replaced. */
export async function backUpOnTime({ config, clock, log }: PlanParts): Promise<void> {
  const plan = config.backup
  if (plan === null) return
  const now = clock.now()
  const newest = (await listBackups(plan.folder)).at(-1)
  // One from the future was made before the clock was set right.
  if (newest && newest.takenAt <= now && now - newest.takenAt < plan.every) return
  const backup = await makeBackup(config, plan.folder, now)
  await dropOldBackups(plan.folder, plan.keep)
  log.info({ backup: backup.folder, files: backup.files, bytes: backup.bytes }, 'backed up')
}
