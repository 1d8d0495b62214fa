import type { CallbackKind } from '../db/schema.ts'
import { findExecution } from '../delivery/access.ts'
import { countOpen } from '../mine/mine.ts'
import type { Db } from '../parts.ts'

export interface Reply {
  words: string
  /** Words of the link, and where below PUBLIC_URL it leads. */
  link: string
  path: string
}

interface Cause {
  kind: CallbackKind
  userid: string
  /** Whose card was pressed. */
  pushId: string | null
}

/** What there is to say to this person; undefined for nothing. */
export function replyTo(trx: Db, { kind, userid, pushId }: Cause): Promise<Reply | undefined> {
  if (kind === 'press') return toPress(trx, userid, pushId)
  return tellOpen(trx, userid, { evenNone: kind === 'text' })
}

async function tellOpen(trx: Db, userid: string, { evenNone }: { evenNone: boolean }): Promise<Reply | undefined> {
  const open = await countOpen(trx, userid)
  if (open > 0) return { words: `你有 ${open} 条朋友圈等待发表。`, link: '查看任务', path: '/m/' }
  return evenNone ? { words: '你现在没有等待发表的朋友圈。', link: '查看所有', path: '/m/' } : undefined
}

/** 「我已完成」 by somebody who has not: his card stays as it is, so he is told why. To others the card itself says it. */
async function toPress(trx: Db, userid: string, pushId: string | null): Promise<Reply | undefined> {
  const execution = pushId === null ? undefined : await findExecution(trx, pushId, userid)
  if (!execution || execution.deletedAt !== null || execution.executedAt !== null) return undefined
  return {
    words: '这条朋友圈还没有完成：上传发表后的截图，卡片会显示「已完成」。',
    link: '上传截图',
    path: `/m/pushes/${execution.id}`,
  }
}
