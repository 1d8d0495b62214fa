import { taskApi } from '@qimeng/contract/tasks'
import { Router } from 'express'
import { mount } from '../http/mount.ts'
import type { Parts } from '../parts.ts'
import { listExecutors } from './executors.ts'
import { listTasks } from './list.ts'
import { createTask, deleteTask, replaceTask } from './tasks.ts'
import { formOf, viewTask } from './view.ts'

export function taskRoutes(parts: Parts): Router {
  const router = Router()
  mount(parts, router, taskApi.list, ({ query }) => listTasks(parts.db, query))
  mount(parts, router, taskApi.create, ({ session, body, remember }) => createTask(parts, session, body, remember))
  mount(parts, router, taskApi.view, ({ session, params }) => viewTask(parts, session, params.taskId))
  mount(parts, router, taskApi.form, ({ session, params }) => formOf(parts, session, params.taskId))
  mount(parts, router, taskApi.update, ({ session, params, body }) => replaceTask(parts, session, params.taskId, body))
  mount(parts, router, taskApi.remove, ({ session, params }) => deleteTask(parts, session, params.taskId))
  mount(parts, router, taskApi.executors, ({ params, query }) => listExecutors(parts.db, params.taskId, query))
  return router
}
