import { openForReading } from '../../../apps/server/src/db/look.ts'
import type { Figure } from './figures.ts'
import { loads, reqPerSecond } from './load.ts'
import type { Scale } from './scale.ts'
import { serveTasks } from './servers.ts'

/** P3: what stands behind a row of the list, and what an employee sees, beside the list itself from the same server. */
export async function details(scale: Scale): Promise<Figure[]> {
  // So many tasks have run for each employee: the list of his own has a page of them, and counts the rest.
  const server = await serveTasks({ ...scale, tasks: scale.ownTasks })
  try {
    const { taskId, pushId } = await lastIssued(server.file)
    const paths = {
      list: '/api/console/tasks',
      'task detail with counts': `/api/console/tasks/${taskId}`,
      'first page of 待执行': `/api/console/pushes/${pushId}/executions?state=pending`,
      'first page of 已执行': `/api/console/pushes/${pushId}/executions?state=done`,
      "employee's 待执行": '/api/me/executions?state=pending',
      "employee's 已执行": '/api/me/executions?state=done',
      "employee's detail": `/api/me/pushes/${pushId}`,
    }
    const targets = Object.values(paths).map((path) => ({ url: server.url + path, used: server.used }))
    const executors = server.people.slice(0, scale.executors)
    const [list, ...found] = await loads(targets, executors, scale)
    return Object.keys(paths)
      .slice(1)
      .map((name, at) => ({
        what: `P3 ${name} / list`,
        ...{ ours: reqPerSecond(found[at]!), bare: reqPerSecond(list!), unit: 'req/s', bar: { atLeast: 0.5 } },
      }))
  } finally {
    await server.stop()
  }
}

/** Beside the server that is at work on it. */
async function lastIssued(file: string) {
  const db = await openForReading(`sqlite:${file}`)
  try {
    const push = await db
      .selectFrom('pushes')
      .select(['id', 'taskId'])
      .where('state', '=', 'issued')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    return { taskId: push.taskId, pushId: push.id }
  } finally {
    await db.destroy()
  }
}
