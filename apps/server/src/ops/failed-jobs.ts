import type { FailedJobRow } from '@qimeng/contract/settings'
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
