import { compileOnceForOne } from '../db/compiled.ts'
import type { EmployeeSession } from '../http/sessions.ts'
import type { Db } from '../parts.ts'
import { notFound, Refusal } from '../refusal.ts'

/** One person's execution with the push and the task it belongs to, also of a deleted task. */
export const findExecution = (db: Db, pushId: string, userid: string) => executionWithPush(db, { pushId, userid })

const executionWithPush = compileOnceForOne((db, { pushId, userid }: { pushId: string; userid: string }) =>
  db
    .selectFrom('executions')
    .innerJoin('pushes', 'pushes.id', 'executions.pushId')
    .innerJoin('tasks', 'tasks.id', 'executions.taskId')
    .selectAll('pushes')
    .select(['executions.executedAt', 'tasks.deletedAt', 'tasks.name as taskName', 'tasks.sendScope', 'tasks.hint'])
    .where('executions.pushId', '=', pushId)
    .where('executions.userid', '=', userid),
)

export type ExecutionRecord = NonNullable<Awaited<ReturnType<typeof findExecution>>>

/**
 * This person's part in a push that has been issued.
 * @throws {Refusal} not_found for an unknown push and for one not issued yet, not_executor for somebody else's,
 *   task_deleted
 */
export async function requireExecution(db: Db, { userid }: EmployeeSession, pushId: string): Promise<ExecutionRecord> {
  const execution = await findExecution(db, pushId, userid)
  if (execution) {
    if (execution.deletedAt !== null) throw taskDeleted()
    return execution
  }
  const push = await db
    .selectFrom('pushes')
    .innerJoin('tasks', 'tasks.id', 'pushes.taskId')
    .select(['pushes.state', 'tasks.erasedAt'])
    .where('pushes.id', '=', pushId)
    .executeTakeFirst()
  if (!push || push.state !== 'issued' || push.erasedAt !== null) throw notFound('任务')
  throw new Refusal('not_executor', '您不是这个任务的执行员工')
}

export const taskDeleted = () => new Refusal('task_deleted', '任务已删除')
