import { z } from 'zod'
import { AUDIT_LABEL, type AuditAction } from './audit.ts'
import { CARD_KINDS } from './card.ts'
import { endpoint } from './endpoint.ts'
import { id, instant, Nothing, page, paging, PersonRef, queryNumber, userid } from './fields.ts'
import { RATES } from './rates.ts'

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

const AuditActionName = z.enum(Object.keys(AUDIT_LABEL) as AuditAction[])

/** Who did what to what, and when. `about` is its name, or its id when it has none any more. */
export const AuditRow = z.object({
  id,
  at: instant,
  actor: z.string(),
  /** For `auditLabel`. */
  action: z.string(),
  about: z.string(),
})
export type AuditRow = z.output<typeof AuditRow>

/** Background work that was given up after many tries. */
export const FailedJobRow = z.object({
  id: z.string(),
  /** What it was to do. */
  work: z.string(),
  /** Why its last try failed: for whoever runs the server, as the log has it. */
  error: z.string(),
  failedAt: instant,
})
export type FailedJobRow = z.output<typeof FailedJobRow>

/** One login of mine that has not ended, at the desk or on a phone. */
export const SessionRow = z.object({
  place: z.enum(['console', 'phone']),
  createdAt: instant,
  /** To within some minutes. */
  lastSeenAt: instant,
  /** The one that asks. */
  current: z.boolean(),
})
export type SessionRow = z.output<typeof SessionRow>

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
      /** What employees get, for the form to show. */
      cardKind: z.enum(CARD_KINDS),
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
  sessions: endpoint({
    method: 'GET',
    path: '/api/console/sessions',
    for: 'admin',
    summary: 'Where I am logged in, the one used last first',
    reply: z.object({ sessions: z.array(SessionRow) }),
  }),
  logoutEverywhere: endpoint({
    method: 'POST',
    path: '/api/console/logout/everywhere',
    for: 'admin',
    summary: 'End all of my sessions, this one too, in the console and on phones',
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
  endSessions: endpoint({
    method: 'POST',
    path: '/api/console/admins/:userid/logout',
    for: 'admin',
    summary: 'End all sessions of an administrator, as when a phone was lost; the person may log in again',
    reply: Nothing,
  }),
  auditLog: endpoint({
    method: 'GET',
    path: '/api/console/audit',
    for: 'admin',
    summary: 'Who did what, the newest first; nothing changes or removes a line',
    query: z.object({
      /** Who it was, by any userid that he has or had. */
      actor: userid.optional(),
      action: AuditActionName.optional(),
      from: queryNumber.pipe(instant).optional(),
      to: queryNumber.pipe(instant).optional(),
      ...paging,
    }),
    reply: page(AuditRow),
  }),
  auditChoices: endpoint({
    method: 'GET',
    path: '/api/console/audit/choices',
    for: 'admin',
    summary: 'Who and what there is in the audit log, to filter it by',
    reply: z.object({ actors: z.array(z.object({ userid, name: z.string() })), actions: z.array(AuditActionName) }),
  }),
  failedJobs: endpoint({
    method: 'GET',
    path: '/api/console/jobs/failed',
    for: 'admin',
    summary: 'Background work that was given up, the latest first',
    reply: z.object({ jobs: z.array(FailedJobRow) }),
  }),
  retryJob: endpoint({
    method: 'POST',
    path: '/api/console/jobs/failed/:jobId/retry',
    for: 'admin',
    summary: 'Try background work again that was given up; nothing happens to work that is not given up any more',
    reply: Nothing,
  }),
  check: endpoint({
    method: 'GET',
    path: '/api/console/configuration',
    for: 'admin',
    summary: 'What is wrong with the configuration, and how to cure it',
    rate: RATES.check,
    reply: z.object({ checks: z.array(CheckResult) }),
  }),
}
