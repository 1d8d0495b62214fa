import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  ExecutionState,
  id,
  ImageView,
  instant,
  LinkView,
  Nothing,
  page,
  paging,
  queryNumber,
  SendScope,
} from './fields.ts'
import { LIMITS } from './limits.ts'
import { ProofVersion } from './proofs.ts'
import { RATES } from './rates.ts'

export const MyExecutionRow = z.object({
  pushId: id,
  pushName: z.string(),
  taskName: z.string(),
  scheduledAt: instant,
  sendScope: SendScope,
  state: ExecutionState,
  executedAt: instant.nullable(),
  /** The beginning of the text. */
  excerpt: z.string(),
  /** First picture or the link's cover. */
  picture: ImageView.nullable(),
  images: z.int(),
  hasLink: z.boolean(),
})
export type MyExecutionRow = z.output<typeof MyExecutionRow>

/** A picture to publish: `screen` is as sharp as a phone's page needs; `mediaId` is WeCom's own name for it while WeCom has it, for its Moments composer. */
export const MyPicture = ImageView.extend({ screen: z.string(), mediaId: z.string().nullable() })
export type MyPicture = z.output<typeof MyPicture>

/**
 * For WeCom's Moments composer: `composerTitle` is as long as it takes one, `composerCover` the cover's address at WeCom, the only
 * kind that it is sure to show.
 */
export const MyLink = LinkView.extend({ composerTitle: z.string(), composerCover: z.string().nullable() })
export type MyLink = z.output<typeof MyLink>

export const MyPush = z.object({
  pushId: id,
  pushName: z.string(),
  taskName: z.string(),
  scheduledAt: instant,
  sendScope: SendScope,
  hint: z.string(),
  text: z.string(),
  images: z.array(MyPicture),
  link: MyLink.nullable(),
  state: ExecutionState,
  executedAt: instant.nullable(),
  proof: ProofVersion.nullable(),
})
export type MyPush = z.output<typeof MyPush>

const Signature = z.object({ timestamp: z.int(), nonceStr: z.string(), signature: z.string() })

export const meApi = {
  session: endpoint({
    method: 'GET',
    path: '/api/me/session',
    for: 'employee',
    summary: 'Who I am, and what the JS-SDK needs to register',
    reply: z.object({ userid: id, name: z.string(), department: z.string(), corpId: z.string(), agentId: z.int() }),
  }),
  logout: endpoint({
    method: 'POST',
    path: '/api/me/logout',
    for: 'employee',
    summary: 'End this session',
    reply: Nothing,
  }),
  executions: endpoint({
    method: 'GET',
    path: '/api/me/executions',
    for: 'employee',
    summary: 'My pushes, 待执行 (earliest minute first) or 已执行 (latest first)',
    // A phone reads twenty at a time; each row has signed links, which take time to make.
    query: z.object({ state: ExecutionState, ...paging, limit: queryNumber.min(1).max(100).default(20) }),
    reply: page(MyExecutionRow),
  }),
  push: endpoint({
    method: 'GET',
    path: '/api/me/pushes/:pushId',
    for: 'employee',
    summary: 'One push as it is to be published',
    reply: MyPush,
  }),
  upload: endpoint({
    method: 'POST',
    path: '/api/me/images',
    for: 'employee',
    summary: 'Upload one screenshot',
    upload: true,
    idempotent: true,
    rate: RATES.upload,
    reply: ImageView,
  }),
  submitProof: endpoint({
    method: 'POST',
    path: '/api/me/pushes/:pushId/proofs',
    for: 'employee',
    summary: 'Submit proofs: the push becomes 已执行; a later submission replaces, earlier ones are kept',
    body: z.object({
      images: z
        .array(id)
        .min(1, '请至少上传一张截图')
        .max(LIMITS.proofImages, `最多上传 ${LIMITS.proofImages} 张截图`)
        .refine((ids) => new Set(ids).size === ids.length, '截图重复了'),
    }),
    idempotent: true,
    rate: RATES.submit,
    reply: MyPush,
  }),
  signature: endpoint({
    method: 'GET',
    path: '/api/me/jssdk/signature',
    for: 'employee',
    summary: 'JS-SDK signature for a page of ours, as the corporation (config) or as the app (agentConfig)',
    query: z.object({ url: z.string().max(2048), as: z.enum(['corp', 'app']) }),
    reply: Signature,
  }),
}
export type MeApi = typeof meApi
