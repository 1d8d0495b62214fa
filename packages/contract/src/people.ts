import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { instant, keyword, page, paging, PersonRef, queryNumber } from './fields.ts'
import { RATES } from './rates.ts'

export const Department = z.object({
  id: z.int(),
  name: z.string(),
  parentId: z.int().nullable(),
  /** Active people in it and below it, each counted once. */
  people: z.int(),
})
export type Department = z.output<typeof Department>

export const PersonRow = PersonRef.extend({ position: z.string() })
export type PersonRow = z.output<typeof PersonRow>

export const DirectoryState = z.object({
  people: z.int(),
  departments: z.int(),
  running: z.boolean(),
  lastFinishedAt: instant.nullable(),
  lastError: z.string().nullable(),
})

export const peopleApi = {
  departments: endpoint({
    method: 'GET',
    path: '/api/console/departments',
    for: 'admin',
    summary: 'The department tree, flat',
    reply: z.object({ departments: z.array(Department) }),
  }),
  search: endpoint({
    method: 'GET',
    path: '/api/console/people',
    for: 'admin',
    summary: 'Active people by name, pinyin, initials or account, within a department and below',
    query: z.object({ keyword, departmentId: queryNumber.optional(), ...paging }),
    rate: RATES.search,
    reply: page(PersonRow),
  }),
  directory: endpoint({
    method: 'GET',
    path: '/api/console/directory',
    for: 'admin',
    summary: 'State of the directory copy',
    reply: DirectoryState,
  }),
  sync: endpoint({
    method: 'POST',
    path: '/api/console/directory/sync',
    for: 'admin',
    summary: 'Copy the directory from WeCom now (立即同步)',
    rate: RATES.sync,
    reply: z.object({}),
  }),
}
