import { ApiError } from '@qimeng/contract/client'

/** What a failed call means to the person at the screen, and what they can do about it. */
export interface Problem {
  title: string
  text: string
  /** Trying again may help. */
  retry: boolean
  /** To be passed on to whoever reads the server's log. */
  requestId?: string
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof ApiError)) {
    return { title: '页面出错了', text: '请重试；如果一直这样，请联系管理员。', retry: true }
  }
  switch (error.code) {
    case 'unauthenticated':
      return { title: '正在重新登录', text: '登录已过期，马上回到这一页。', retry: false }
    case 'not_executor':
      return {
        title: '你不是这个任务的执行员工',
        text: '这个任务没有分配给你，不需要你发表。如有疑问，请联系发起任务的管理员。',
        retry: false,
      }
    case 'task_deleted':
      return { title: '任务已删除', text: '管理员已删除这个任务，不需要再发表，也不用上传凭证。', retry: false }
    case 'not_found':
      return { title: '没有找到这个任务', text: '链接可能不完整，请从消息里的任务卡片重新打开。', retry: false }
    case 'network':
      return { title: '网络不可用', text: '请检查网络后重试。', retry: true }
    case 'too_many_requests':
      // What came too often, and when to come again, as the server says it.
      return { title: '操作太频繁', text: error.message, retry: true }
    case 'internal':
      return {
        title: '服务器出错了',
        text: '请稍后重试；如果一直这样，请把下面的编号发给管理员。',
        retry: true,
        requestId: error.requestId,
      }
    default:
      return { title: '暂时无法完成', text: error.message, retry: true, requestId: error.requestId }
  }
}
