import type { FailedJobRow } from '@qimeng/contract/settings'
import { audit } from '../audit/audit.ts'
import type { AdminSession } from '../http/sessions.ts'
import type { JobKind } from '../jobs/kinds.ts'
import type { Parts } from '../parts.ts'

const AT_MOST = 50

/** What each kind of background work is to administrators. Complete, or no build. */
const WORK: Record<JobKind, string> = {
  'push.issue': '下达推送',
  'card.send': '发送任务卡片',
  'card.rest': '发送任务卡片',
  'card.recall': '撤回任务卡片',
  'card.update': '更新任务卡片的状态',
  'media.prepare': '准备朋友圈图片',
  'media.renew': '更新朋友圈图片',
  'directory.sync': '同步通讯录',
  'export.build': '生成导出文件',
  'callback.answer': '回复员工的消息',
  'callback.contacts': '处理通讯录变更',
  'person.rename': '更新员工账号',
  'delivery.sweep': '检查发送进度',
  'housekeeping.sweep': '清理过期数据',
  'backup.make': '备份',
}

/** Background work that needs a person, since no further try will be made (the dead letters of the job engine). */
export async function listFailedJobs({ jobs }: Pick<Parts, 'jobs'>): Promise<FailedJobRow[]> {
  const failed = await jobs.failed(AT_MOST)
  return failed.map(({ id, kind, error, failedAt }) => ({ id, work: WORK[kind], error, failedAt }))
}

/**
 * Tries one of them again. What it is about is looked at anew when it runs, so that nothing goes out that is too late by then.
 * Done twice it is done once: afterwards the job is none of those given up.
 */
export async function retryFailedJob(
  parts: Pick<Parts, 'db' | 'jobs' | 'clock'>,
  session: AdminSession,
  jobId: string,
) {
  await parts.db.transaction().execute(async (trx) => {
    const job = await parts.jobs.retry(trx, jobId)
    if (!job) return
    const detail = { name: WORK[job.kind], kind: job.kind, ...job.data }
    await audit(trx, parts, { actor: session.userid, action: 'job.retry', subject: jobId, detail })
  })
  return {}
}
