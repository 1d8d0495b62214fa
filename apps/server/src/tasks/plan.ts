import type { Issue } from '@qimeng/contract/errors'
import { type NewTask, pushTimeProblem } from '@qimeng/contract/tasks'

/** What only the server can judge about a plan: its ceiling, its clock, its directory. */
export interface Circumstances {
  now: number
  maxExecutors: number
  /** Of the plan's executors, those who are active employees. */
  active: ReadonlySet<string>
  /** How a person is called, for the message. */
  nameOf: (userid: string) => string
}

/** So many names in one message are read; the rest is a number. */
const NAMED = 5

/** Everything that is wrong with a plan whose fields are well-formed, each problem at its field. */
export function planProblems({ executors, pushes }: NewTask, circumstances: Circumstances): Issue[] {
  const { now, maxExecutors, active, nameOf } = circumstances
  const issues: Issue[] = []
  if (executors.length > maxExecutors) {
    issues.push({ path: ['executors'], message: `执行员工最多 ${maxExecutors} 人` })
  }
  const gone = executors.filter((userid) => !active.has(userid))
  if (gone.length > 0) {
    const names = gone.slice(0, NAMED).map(nameOf).join('、')
    const more = gone.length > NAMED ? `等 ${gone.length} 人` : ''
    issues.push({ path: ['executors'], message: `${names}${more}已离职或不在应用可见范围内，请移除` })
  }
  for (const [index, { scheduledAt }] of pushes.entries()) {
    const message = pushTimeProblem(scheduledAt, now)
    if (message) issues.push({ path: ['pushes', index, 'scheduledAt'], message })
  }
  return issues
}
