import type { Database } from './schema.ts'

type Keys = { [T in keyof Database]: readonly [keyof Database[T], ...(keyof Database[T])[]] }

/**
 * What tells the rows of each table apart; each table after those that its rows refer to. Complete, or no build. A copy mark
 * is told apart by its time: two of the same moment say the same.
 */
export const TABLE_KEYS = {
  installation: ['id'],
  employees: ['userid'],
  departments: ['id'],
  departmentMembers: ['departmentId', 'userid'],
  directorySyncs: ['id'],
  formerUserids: ['former'],
  admins: ['userid'],
  sessions: ['tokenHash'],
  oauthStates: ['state'],
  auditLog: ['id'],
  tasks: ['id'],
  taskCounts: ['createdBy', 'state', 'sendScope'],
  taskGrams: ['gram', 'createdAt', 'taskId'],
  taskGramCounts: ['gram'],
  taskExecutors: ['taskId', 'userid'],
  images: ['id'],
  pushes: ['id'],
  pushImages: ['pushId', 'position'],
  executions: ['pushId', 'userid'],
  batches: ['id'],
  callCounts: ['span', 'since'],
  recentMessages: ['userid', 'at', 'batchId'],
  proofs: ['id'],
  proofImages: ['proofId', 'position'],
  exports: ['id'],
  messages: ['id'],
  messageReads: ['messageId', 'userid'],
  wecomTokens: ['name'],
  wecomMedia: ['imageId', 'kind'],
  callbackEvents: ['id'],
  cardCodes: ['code'],
  idempotencyKeys: ['actor', 'key'],
  copyMarks: ['takenAt'],
  moves: ['id', 'direction'],
  rateLimits: ['key'],
  jobs: ['id'],
} as const satisfies Keys

export type TableName = keyof typeof TABLE_KEYS
