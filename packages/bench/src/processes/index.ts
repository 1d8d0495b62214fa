import { type Size, withCompany } from './company.ts'
import { type MainJob, mainJob } from './main-job.ts'
import { type Rolling, rollingRestart } from './rolling.ts'

export const SMALL: Size = { webs: 2, workers: 2 }
export const FULL: Size = { webs: 3, workers: 3 }

/**
 * Web and worker processes on one PostgreSQL behind a round-robin proxy: the main job while one of each is killed, then a
 * rolling restart of all web processes under a steady stream of requests.
 * @throws when a promise is not held
 */
export const processes = (size: Size): Promise<MainJob & Rolling> =>
  withCompany(size, async (company) => ({ ...(await mainJob(company)), ...(await rollingRestart(company)) }))

/** The same, printed. @returns whether every promise was held */
export async function printProcesses(): Promise<boolean> {
  const found = await processes(FULL).catch((error: Error) => error)
  if (found instanceof Error) {
    process.stderr.write(`${found.stack}\n`)
    return false
  }
  const { cards, lost, doubled, recovery, requests } = found
  process.stdout.write(
    `${FULL.webs} web and ${FULL.workers} worker processes, one of each killed on the way:\n` +
      `  ${cards} cards and reminders on the phones, ${lost} lost, ${doubled} doubled\n` +
      `  ${(recovery / 1000).toFixed(1)} s from the death of a worker to the last card it had left behind\n` +
      `  ${requests} requests during a rolling restart of all web processes, none lost\n`,
  )
  return lost === 0 && doubled === 0
}
