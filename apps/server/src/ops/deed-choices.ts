import { AUDIT_LABEL, type AuditAction } from '@qimeng/contract'
import type { Db } from '../parts.ts'
import { namesOfDoers, useridsToday } from './doers.ts'

/** Who and what there is in the audit log. Whoever has been given another userid is there once, by the one of today. */
export async function deedChoices(db: Db) {
  const [doers, actions] = [await distinct(db, 'actor'), new Set(await distinct(db, 'action'))]
  const names = await namesOfDoers(db, doers)
  const actors = (await useridsToday(db, doers)).map((userid) => ({ userid, name: names.get(userid) ?? userid }))
  return {
    actors: actors.sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')),
    actions: (Object.keys(AUDIT_LABEL) as AuditAction[]).filter((action) => actions.has(action)),
  }
}

/** Leaps in the index from one to the next: reads a row for each, not for each line of the log. */
async function distinct(db: Db, column: 'actor' | 'action'): Promise<string[]> {
  const rows = await db
    .withRecursive('found(value)', (query) =>
      query
        .selectFrom('auditLog')
        .select(({ fn }) => fn.min<string | null>(column).as('value'))
        .unionAll(
          query
            .selectFrom('found')
            .select(({ selectFrom, ref }) =>
              selectFrom('auditLog')
                .select(({ fn }) => fn.min<string | null>(column).as('value'))
                .where(column, '>', ref('found.value'))
                .as('value'),
            )
            .where('found.value', 'is not', null),
        ),
    )
    .selectFrom('found')
    .select('value')
    .where('value', 'is not', null)
    .execute()
  return rows.flatMap(({ value }) => value ?? [])
}
