import { peopleApi } from '@qimeng/contract'
import { Router } from 'express'
import { audit } from '../audit/audit.ts'
import { mount } from '../http/mount.ts'
import type { Db, Parts } from '../parts.ts'
import { listDepartments } from './departments.ts'
import { searchPeople } from './people.ts'
import { SYNC_KEY } from './sync.ts'

export function peopleRoutes(parts: Parts): Router {
  const router = Router()
  mount(parts, router, peopleApi.departments, async () => ({ departments: await listDepartments(parts.db) }))
  mount(parts, router, peopleApi.search, ({ query }) => searchPeople(parts.db, query))
  mount(parts, router, peopleApi.directory, () => directoryState(parts.db))
  mount(parts, router, peopleApi.sync, async ({ session }) => {
    await parts.db.transaction().execute(async (trx) => {
      await parts.jobs.enqueue(trx, 'directory.sync', { reason: `asked by ${session.userid}` }, { key: SYNC_KEY })
      await audit(trx, parts, { actor: session.userid, action: 'directory.sync', subject: 'directory' })
    })
    return {}
  })
  return router
}

async function directoryState(db: Db) {
  const count = (table: 'employees' | 'departments') =>
    db.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('count'))
  const people = await count('employees').where('active', '=', 1).executeTakeFirstOrThrow()
  const departments = await count('departments').executeTakeFirstOrThrow()
  const newest = await db.selectFrom('directorySyncs').selectAll().orderBy('id', 'desc').executeTakeFirst()
  const success = await db
    .selectFrom('directorySyncs')
    .select('finishedAt')
    .where('finishedAt', 'is not', null)
    .where('error', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return {
    people: people.count,
    departments: departments.count,
    running: newest !== undefined && newest.finishedAt === null,
    lastFinishedAt: success?.finishedAt ?? null,
    lastError: newest?.error ?? null,
  }
}
