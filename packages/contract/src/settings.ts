import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { id, instant, Nothing, PersonRef, userid } from './fields.ts'

export const AdminRow = PersonRef.extend({ addedAt: instant, addedBy: z.string() })
export type AdminRow = z.output<typeof AdminRow>

export const CheckResult = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** What is the case. */
  message: z.string(),
  /** What to do about it, and where; empty when all is well. */
  cure: z.string(),
})
export type CheckResult = z.output<typeof CheckResult>

export const settingsApi = {
  session: endpoint({
    method: 'GET',
    path: '/api/console/session',
    for: 'admin',
    summary: 'Who I am, this installation, and the time on its clock',
    reply: z.object({
      userid: id,
      name: z.string(),
      department: z.string(),
      limits: z.object({ executors: z.int() }),
      now: instant,
    }),
  }),
  logout: endpoint({
    method: 'POST',
    path: '/api/console/logout',
    for: 'admin',
    summary: 'End this session',
    reply: Nothing,
  }),
  admins: endpoint({
    method: 'GET',
    path: '/api/console/admins',
    for: 'admin',
    summary: 'Who may use the console',
    reply: z.object({ admins: z.array(AdminRow) }),
  }),
  addAdmin: endpoint({
    method: 'POST',
    path: '/api/console/admins',
    for: 'admin',
    summary: 'Let somebody use the console',
    body: z.object({ userid }),
    reply: Nothing,
  }),
  removeAdmin: endpoint({
    method: 'DELETE',
    path: '/api/console/admins/:userid',
    for: 'admin',
    summary: 'Take the console away from somebody; the last administrator cannot be removed',
    reply: Nothing,
  }),
  check: endpoint({
    method: 'GET',
    path: '/api/console/configuration',
    for: 'admin',
    summary: 'What is wrong with the configuration, and how to cure it',
    reply: z.object({ checks: z.array(CheckResult) }),
  }),
}
