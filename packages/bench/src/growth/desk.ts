import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@qimeng/server'
import type { AdminSession, EmployeeSession } from '../../../../apps/server/src/http/sessions.ts'
import type { Parts } from '../../../../apps/server/src/parts.ts'
import { buildParts } from '../../../../apps/server/src/start.ts'
import { jobHandlers } from '../../../../apps/server/src/worker.ts'
import { useridOf } from '../tasks/data.ts'

/** The product over a past, without HTTP: what grows with the past are its questions to the database. */
export interface Desk {
  parts: Parts
  end(): Promise<void>
}

/** What a server needs to work on this database, with a WeCom at this address. */
export const environmentOf = (databaseUrl: string, dataDir: string, wecomUrl: string) => ({
  ...{ DATABASE_URL: databaseUrl, DATA_DIR: dataDir, PORT: '0', PUBLIC_URL: 'http://localhost', LOG_LEVEL: 'error' },
  ...{ ADMIN_USERIDS: useridOf(0), MAX_EXECUTORS: '100', WECOM_API_URL: wecomUrl },
  ...{ WECOM_CORP_ID: 'bench', WECOM_AGENT_ID: '1', WECOM_SECRET: 'bench' },
})

/** @param wecomUrl when its jobs shall run */
export async function atDesk(databaseUrl: string, wecomUrl?: string): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-desk-'))
  const environment = environmentOf(databaseUrl, folder, wecomUrl ?? 'http://127.0.0.1:9')
  const parts = await buildParts(readConfig({ ...environment, LOG_LEVEL: 'silent' }))
  // Without what recurs, such as copying the directory that this WeCom does not have.
  if (wecomUrl) await parts.jobs.start(jobHandlers(parts))
  return {
    parts,
    async end() {
      await parts.jobs.stop()
      await parts.db.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Who asks; nobody has logged in. */
export const ADMINISTRATOR = { userid: useridOf(0), name: '王伟', audience: 'admin' } as unknown as AdminSession
export const employee = (userid: string) => ({ userid, name: '员工', audience: 'me' }) as unknown as EmployeeSession
