import 'element-plus/theme-chalk/el-badge.css'
import 'element-plus/theme-chalk/el-message.css'
import { ApiError } from '@qimeng/contract/client'
import { ElMessage } from 'element-plus'

/** Says that something went wrong, with the number that finds it in the server's log. */
export function showProblem(error: unknown): void {
  if (!(error instanceof ApiError)) throw error
  // The login page or the person who cancelled knows already.
  if (error.status === 401 || error.code === 'aborted') return
  const details = error.issues.map((issue) => issue.message).join('；')
  const number = error.requestId && error.status >= 500 ? `（请求编号 ${error.requestId}）` : ''
  ElMessage.error({ message: `${details || error.message}${number}`, duration: 6000, showClose: true, grouping: true })
}

/** Says what was left out of something that otherwise worked. */
export function showWarning(message: string): void {
  ElMessage.warning({ message, duration: 6000, showClose: true, grouping: true })
}

export function showDone(message: string): void {
  ElMessage.success({ message, grouping: true })
}
