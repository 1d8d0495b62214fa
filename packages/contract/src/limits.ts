/** PRODUCT.md section 2 as numbers. Characters are graphemes, counted by `countCharacters`. */
export const LIMITS = {
  taskName: 30,
  pushName: 30,
  pushText: 200,
  hint: 50,
  pushes: 5,
  images: 9,
  proofImages: 9,
  /** Of one push by one person; all are kept, and shown to the administrator. */
  proofVersions: 100,
  /** The default ceiling; an operator may raise it, up to `executorsCeiling`. */
  executors: 100,
  executorsCeiling: 100_000,
  linkUrl: 2048,
  linkTitle: 64,
  linkDescription: 120,
  keyword: 50,
  /** One grapheme can be endless, so UTF-16 units are limited too. */
  utf16Text: 2000,
  utf16Name: 200,
  utf16LinkDescription: 500,
  imageBytes: 10 * 1024 * 1024,
  /** A person reminded less than this long ago (ms) is skipped. */
  remindEvery: 10 * 60 * 1000,
} as const

export type SendScope = 'wechat' | 'wecom' | 'all'

export const SEND_SCOPE_LABEL: Record<SendScope, string> = {
  wechat: '微信朋友圈',
  wecom: '企业微信朋友圈',
  all: '全部（企业微信和微信朋友圈）',
}

/** What 提示员工 says until somebody edits it by hand. */
export const DEFAULT_HINT: Record<SendScope, string> = {
  wechat: '请发表到微信朋友圈',
  wecom: '请发表到企业微信朋友圈',
  all: '请发表到微信朋友圈和企业微信朋友圈',
}

export type PushState = 'scheduled' | 'issued' | 'missed' | 'cancelled'

export const PUSH_STATE_LABEL: Record<PushState, string> = {
  scheduled: '未推送',
  issued: '已推送',
  missed: '已错过',
  cancelled: '已取消',
}

export type TaskState = 'not_started' | 'running' | 'finished'

export const TASK_STATE_LABEL: Record<TaskState, string> = {
  not_started: '未开始',
  running: '进行中',
  finished: '已结束',
}

export type ExecutionState = 'pending' | 'done'

export const EXECUTION_STATE_LABEL: Record<ExecutionState, string> = { pending: '待执行', done: '已执行' }

export type CardState = 'pending' | 'delivered' | 'failed' | 'unknown'

export const CARD_STATE_LABEL: Record<CardState, string> = {
  pending: '发送中',
  delivered: '已送达',
  failed: '未送达',
  unknown: '结果未知',
}
