/**
 * The tables as TypeScript sees them. In the database names are snake_case (Kysely's CamelCasePlugin translates).
 * Ids are sortable random strings, times epoch milliseconds, JSON is text, booleans are 0/1: both dialects agree then.
 */
import type { TaskState } from '@qimeng/contract/limits'
import type { JobKind } from '../jobs/kinds.ts'

export type Flag = 0 | 1

export interface Employees {
  userid: string
  name: string
  /** The name as searches compare it (db/search.ts). */
  searchName: string
  position: string
  mainDepartmentId: number | null
  /** Lower-case pinyin of the name without spaces, and its initials: 张三 → zhangsan, zs. */
  pinyin: string
  initials: string
  active: Flag
  leftAt: number | null
  updatedAt: number
}

export interface Departments {
  id: number
  name: string
  parentId: number | null
  /** WeCom's order: larger comes first. */
  sort: number
  /** Ids from the root, each followed by a slash, e.g. "1/5/12/": a prefix selects a whole branch. */
  path: string
  /** Names from below the root, e.g. "华东大区/上海分公司". */
  fullName: string
}

export interface DepartmentMembers {
  departmentId: number
  userid: string
}

export interface DirectorySyncs {
  id: string
  reason: string
  startedAt: number
  finishedAt: number | null
  people: number
  departments: number
  error: string | null
}

/** Userids that WeCom has replaced by others, for the history that names them. */
export interface FormerUserids {
  former: string
  /** Of the same person now. */
  userid: string
  renamedAt: number
}

export interface Admins {
  userid: string
  addedBy: string
  addedAt: number
}

export type Audience = 'admin' | 'me'

export interface Sessions {
  /** SHA-256 of the random token in the cookie: a stolen database opens no session. */
  tokenHash: string
  audience: Audience
  userid: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
}

export interface OauthStates {
  state: string
  audience: Audience
  returnPath: string
  /** SHA-256 of the cookie that binds this state to the browser that asked. */
  browserHash: string
  expiresAt: number
}

export interface AuditLog {
  id: string
  at: number
  actor: string
  action: string
  subject: string
  detail: string
}

export type SendScope = 'wechat' | 'wecom' | 'all'

export interface Tasks {
  id: string
  name: string
  /** The name as searches compare it (db/search.ts). */
  searchName: string
  sendScope: SendScope
  hint: string
  /** What `taskState` says of its pushes (tasks/state.ts), kept in the transactions that change them. */
  state: TaskState
  createdBy: string
  createdAt: number
  updatedAt: number
  deletedAt: number | null
  /** Since then its rows are being taken away, for it is older than tasks are kept (ops/retention.ts). */
  erasedAt: number | null
}

/** How many tasks the console has of each kind: totals of the list without counting rows (tasks/catalogue.ts). */
export interface TaskCounts {
  createdBy: string
  state: TaskState
  sendScope: SendScope
  tasks: number
}

/** Which tasks of the console have these one or two characters in their `searchName` (tasks/catalogue.ts). */
export interface TaskGrams {
  gram: string
  createdAt: number
  taskId: string
}

export interface TaskGramCounts {
  gram: string
  tasks: number
}

export interface TaskExecutors {
  taskId: string
  userid: string
  position: number
}

export type PushState = 'scheduled' | 'issued' | 'missed' | 'cancelled'

export interface Pushes {
  id: string
  taskId: string
  position: number
  name: string
  scheduledAt: number
  state: PushState
  issuedAt: number | null
  /** 1 when it went out noticeably after its minute (server was down). */
  late: Flag
  text: string
  linkUrl: string | null
  linkTitle: string | null
  linkDescription: string | null
  linkCoverId: string | null
  /** How many reminder rounds have been sent for this push: the next one is number + 1. */
  reminderRounds: number
}

export interface PushImages {
  pushId: string
  position: number
  imageId: string
}

export type ImagePurpose = 'content' | 'cover' | 'proof'

export interface Images {
  id: string
  sha256: string
  type: string
  bytes: number
  width: number
  height: number
  ownerUserid: string
  ownerAudience: Audience
  purpose: ImagePurpose
  createdAt: number
  /** Null until a push or proof uses it: unattached pictures are swept after 7 days. */
  attachedAt: number | null
}

export type CardState = 'pending' | 'delivered' | 'failed' | 'unknown'

export interface Executions {
  pushId: string
  userid: string
  taskId: string
  executedAt: number | null
  cardState: CardState
  /** Why the card failed, in words for an administrator. */
  cardReason: string | null
  reminders: number
  lastRemindedAt: number | null
  createdAt: number
}

export type BatchKind = 'card' | 'reminder' | 'resend'
export type BatchState = 'ready' | 'sending' | 'sent' | 'failed' | 'unknown' | 'blocked'

/** The ledger of calls to WeCom's message/send (DESIGN.md 4). */
export interface Batches {
  id: string
  pushId: string
  kind: BatchKind
  /** Reminder round; 0 for cards. */
  round: number
  /** Which call of its dispatch this is, from 0: a thousand people fit into one. */
  part: number
  /** The request body, frozen before the first call: a retry sends the same bytes. */
  body: string
  /** JSON array of the userids in this body. */
  recipients: string
  /** How many they are. */
  people: number
  state: BatchState
  attempts: number
  /** When the latest call began. */
  attemptedAt: number | null
  /** Known to the worker whose call is under way, which alone may write the outcome; null when none is. */
  fence: string | null
  /** First attempt whose outcome is not known: request bytes written, no answer read. */
  firstAmbiguousAt: number | null
  msgid: string | null
  errcode: number | null
  error: string | null
  /** JSON object userid → reason: whom WeCom named as not reached although it took the rest. */
  refused: string | null
  /** When its job should have come by at the latest: the sweep looks after whatever is overdue. */
  dueAt: number
  requestedBy: string | null
  createdAt: number
  sentAt: number | null
  /** When WeCom took the message back from the phones, after the task was deleted. */
  recalledAt: number | null
  /** Why WeCom did not take it back. */
  recallErrcode: number | null
}

/** Calls to message/send that were begun, kept by a trigger of the ledger (migration 0013, delivery/call-counts.ts). */
export interface CallCounts {
  /** How long (ms) it is that is counted: ten seconds, or a day in Shanghai. */
  span: number
  /** When it begins. */
  since: number
  calls: number
  /** Whom they were for, all calls together. */
  people: number
}

/** Messages of the last hour that may have reached a person, for the limits WeCom enforces without a word. */
export interface RecentMessages {
  userid: string
  at: number
  batchId: string
}

export interface Proofs {
  id: string
  pushId: string
  userid: string
  version: number
  submittedAt: number
  /** When its pictures were taken away, for they were older than proofs are kept. */
  erasedAt: number | null
}

export interface ProofImages {
  proofId: string
  position: number
  imageId: string
}

export type ExportState = 'queued' | 'running' | 'done' | 'failed'

export interface Exports {
  id: string
  requestedBy: string
  pushId: string
  /** JSON: which of the two lists, and its search and department filter. */
  filter: string
  state: ExportState
  rowsDone: number
  rowsTotal: number
  fileName: string
  bytes: number | null
  error: string | null
  createdAt: number
  finishedAt: number | null
  expiresAt: number | null
}

export type MessageKind = 'export' | 'push_missed' | 'cards_undelivered' | 'configuration'

export interface Messages {
  id: string
  /** The administrator it is for; null means all of them. */
  userid: string | null
  kind: MessageKind
  title: string
  body: string
  taskId: string | null
  pushId: string | null
  exportId: string | null
  createdAt: number
}

export interface MessageReads {
  messageId: string
  userid: string
  readAt: number
}

export interface WecomTokens {
  name: string
  value: string
  expiresAt: number
}

export interface IdempotencyKeys {
  actor: string
  key: string
  /** SHA-256 of the request: the same key with other content is refused. */
  fingerprint: string
  reply: string
  createdAt: number
}

/** `picture`: a media id of media/upload_attachment; `cover`: a lasting URL of media/uploadimg (WECOM.md 6). */
export type MediaKind = 'picture' | 'cover'

/** What WeCom has of our pictures for its Moments. */
export interface WecomMedia {
  imageId: string
  kind: MediaKind
  value: string
  /** Null: never. */
  expiresAt: number | null
}

/** `contacts`: a change of the directory, whatever its name; `verification`: 接收消息 was saved in WeCom's backend. */
export type CallbackKind = 'text' | 'enter_agent' | 'press' | 'contacts' | 'verification'

/** What WeCom has told us, each thing once. What somebody wrote is not kept. */
export interface CallbackEvents {
  /** SHA-256 of what makes it the same when WeCom sends it again. */
  id: string
  kind: CallbackKind
  /** Who did it; `sys` for the directory. */
  userid: string
  receivedAt: number
  doneAt: number | null
  /** The request body of the answer, frozen before the first call. */
  answer: string | null
  /** What WeCom said to the answer; null when none was due. */
  errcode: number | null
}

/** WeCom's codes for updating a card on the phones, each good for one update (WECOM.md 3.4). */
export interface CardCodes {
  code: string
  batchId: string
  /** Who has pressed the card: the code reaches nobody else. Null for the code of the batch, which reaches all. */
  userid: string | null
  expiresAt: number
  spentAt: number | null
  /** What WeCom said to the update. */
  errcode: number | null
}

/** One row: whose database this is. */
export interface Installation {
  id: 1
  corpId: string
  /** Key of the signed picture links, made at the first start and by `cli renew-links`. No process keeps it. */
  signingKey: string
  createdAt: number
}

/** A row says that this database is a copy, taken then, with which nobody has worked yet. */
export interface CopyMarks {
  takenAt: number
}

/**
 * A move of the installation between two databases. `away`: nobody may work with this one any more; `here`: nobody may
 * before it is finished. Both sides know the move by the same id.
 */
export interface Moves {
  id: string
  direction: 'away' | 'here'
  /** The other database, without a password. */
  place: string
  startedAt: number
  finishedAt: number | null
  /** How far the copying has come; JSON of whoever copies. */
  position: string | null
}

/** How often something was done under a key, until `expire`. Of rate-limiter-flexible, on PostgreSQL. */
export interface RateLimits {
  key: string
  points: number
  expire: number | null
}

export interface JobRows {
  id: string
  kind: JobKind
  data: string
  key: string | null
  runAt: number
  attempts: number
  leaseUntil: number | null
  leaseToken: string | null
  lastError: string | null
  failedAt: number | null
  createdAt: number
}

export interface Database {
  employees: Employees
  departments: Departments
  departmentMembers: DepartmentMembers
  directorySyncs: DirectorySyncs
  formerUserids: FormerUserids
  admins: Admins
  sessions: Sessions
  oauthStates: OauthStates
  auditLog: AuditLog
  tasks: Tasks
  taskCounts: TaskCounts
  taskGrams: TaskGrams
  taskGramCounts: TaskGramCounts
  taskExecutors: TaskExecutors
  pushes: Pushes
  pushImages: PushImages
  images: Images
  executions: Executions
  batches: Batches
  callCounts: CallCounts
  recentMessages: RecentMessages
  proofs: Proofs
  proofImages: ProofImages
  exports: Exports
  messages: Messages
  messageReads: MessageReads
  wecomTokens: WecomTokens
  wecomMedia: WecomMedia
  callbackEvents: CallbackEvents
  cardCodes: CardCodes
  idempotencyKeys: IdempotencyKeys
  installation: Installation
  copyMarks: CopyMarks
  moves: Moves
  rateLimits: RateLimits
  jobs: JobRows
}
