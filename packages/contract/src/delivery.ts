import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  CardState,
  ExecutionState,
  id,
  instant,
  keyword,
  ordinal,
  page,
  paging,
  PersonRef,
  queryNumber,
  userid,
} from './fields.ts'
import { RATES } from './rates.ts'

/** Which rows of a push's two lists: used by the lists themselves and by the export of a list. */
export const ExecutionFilter = z.object({
  state: ExecutionState,
  keyword,
  departmentId: z.int().optional(),
})
export type ExecutionFilter = z.output<typeof ExecutionFilter>

export const ExecutionRow = PersonRef.extend({
  state: ExecutionState,
  executedAt: instant.nullable(),
  cardState: CardState,
  cardReason: z.string().nullable(),
  reminders: z.int(),
  lastRemindedAt: instant.nullable(),
  proofImages: z.int(),
  /** The pictures of the newest proof were older than this installation keeps them. */
  proofErased: z.boolean(),
})
export type ExecutionRow = z.output<typeof ExecutionRow>

/** Null means everybody it applies to. */
const Chosen = z.object({ userids: z.array(userid).min(1, '请选择员工').max(100_000).nullable() })

export const deliveryApi = {
  executions: endpoint({
    method: 'GET',
    path: '/api/console/pushes/:pushId/executions',
    for: 'admin',
    summary: 'The list 待执行 or 已执行 of a push',
    query: ExecutionFilter.extend({ departmentId: queryNumber.optional(), ...paging }),
    rate: RATES.search,
    reply: page(ExecutionRow),
  }),
  timeline: endpoint({
    method: 'GET',
    path: '/api/console/pushes/:pushId/timeline',
    for: 'admin',
    summary: 'How many were done when: completions since the issue, in equal steps',
    reply: z.object({
      /** Start of the first step. */
      from: instant,
      /** Length of a step in ms. */
      step: z.int(),
      /** Completions within each step, up to now. Empty before the issue. */
      done: z.array(z.int()),
    }),
  }),
  remind: endpoint({
    method: 'POST',
    path: '/api/console/pushes/:pushId/reminders',
    for: 'admin',
    summary: 'Remind all who are 待执行, or the chosen; people reminded less than 10 minutes ago are skipped',
    body: Chosen,
    idempotent: true,
    rate: RATES.send,
    /** `round` is null when everybody was skipped and nothing goes out. */
    reply: z.object({ round: z.int().nullable(), queued: z.int(), skipped: z.int() }),
  }),
  reminder: endpoint({
    method: 'GET',
    path: '/api/console/pushes/:pushId/reminders/:round',
    for: 'admin',
    summary: 'How far a reminder round has come',
    params: z.object({ pushId: id, round: ordinal }),
    reply: z.object({ round: z.int(), waiting: z.int(), reminded: z.int(), failed: z.int(), unknown: z.int() }),
  }),
  resend: endpoint({
    method: 'POST',
    path: '/api/console/pushes/:pushId/resend',
    for: 'admin',
    summary: 'Send the card again to people whose card failed or is unknown, to those alone',
    body: Chosen,
    idempotent: true,
    rate: RATES.send,
    reply: z.object({ queued: z.int() }),
  }),
  issueNow: endpoint({
    method: 'POST',
    path: '/api/console/pushes/:pushId/issue',
    for: 'admin',
    summary: 'Send a missed push now (立即推送)',
    reply: z.object({}),
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/api/console/pushes/:pushId/cancel',
    for: 'admin',
    summary: 'Cancel a push that has not been sent',
    reply: z.object({}),
  }),
}
