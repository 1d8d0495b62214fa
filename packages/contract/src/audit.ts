/** What the audit log (操作记录) knows of, in the words of the page that shows it. */
export const AUDIT_LABEL = {
  'admin.login': '登录管理后台',
  'admin.add': '添加管理员',
  'admin.remove': '移除管理员',
  'session.end': '结束全部登录',
  'directory.sync': '同步通讯录',
  'task.create': '创建任务',
  'task.update': '编辑任务',
  'task.delete': '删除任务',
  'push.issue': '立即推送',
  'push.cancel': '取消推送',
  'push.remind': '提醒员工',
  'push.resend': '重新发送卡片',
  'proof.view': '查看凭证',
  'export.start': '导出名单',
  'export.download': '下载导出文件',
  'job.retry': '重试后台任务',
  'links.renew': '作废图片链接',
  'retention.tasks': '按保留期限清除任务',
  'retention.proofs': '按保留期限清除截图',
} as const

export type AuditAction = keyof typeof AUDIT_LABEL

/** After a way back from a later release the log may have deeds that only that one has words for. */
export const auditLabel = (action: string): string => (AUDIT_LABEL as Record<string, string>)[action] ?? action
