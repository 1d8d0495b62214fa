import type { AddressInfo } from 'node:net'
import Sqlite from 'better-sqlite3'
import express from 'express'
import { answerUsed } from './used.ts'

// The task list as the shortest program one might write: Express, prepared statements, JSON. No session, no check, no log.
const db = new Sqlite(process.argv[2]!, { readonly: true })
const holders = Array.from({ length: 20 }, () => '?').join()

const tasks = db.prepare('select * from tasks where deleted_at is null order by created_at desc, id desc limit 21')
const total = db.prepare('select sum(tasks) from task_counts').pluck()
const pushes = db.prepare(`select task_id, state, scheduled_at from pushes where task_id in (${holders})`)
const executors = db
  .prepare(`select task_id, count(*) from task_executors where task_id in (${holders}) group by task_id`)
  .raw()
const executions = db
  .prepare(
    `select task_id, count(executed_at), count(*) from executions where task_id in (${holders}) group by task_id`,
  )
  .raw()
const people = db.prepare(
  `select userid, employees.name, full_name from employees left join departments on departments.id = main_department_id
   where userid in (${holders})`,
)

interface Task {
  id: string
  name: string
  send_scope: string
  created_at: number
  created_by: string
  state: string
}
interface Push {
  task_id: string
  state: string
  scheduled_at: number
}
interface Person {
  userid: string
  name: string
  full_name: string | null
}

const app = express()
app.get('/', (_request, response) => {
  const found = tasks.all() as Task[]
  const rows = found.slice(0, 20)
  const ids = rows.map(({ id }) => id)
  // A page that is not full asks for nothing twenty times less often.
  const asked = [...ids, ...Array.from({ length: 20 - ids.length }, () => '')]
  const creators = [...rows.map((row) => row.created_by), ...Array.from({ length: 20 - ids.length }, () => '')]
  const pushesOf = Map.groupBy(pushes.all(asked) as Push[], (push) => push.task_id)
  const executorsOf = new Map(executors.all(asked) as [string, number][])
  const executionsOf = new Map(
    (executions.all(asked) as [string, number, number][]).map(([id, done, all]) => [id, { done, all }]),
  )
  const personOf = new Map((people.all(creators) as Person[]).map((person) => [person.userid, person]))
  response.json({
    rows: rows.map((row) => {
      const own = pushesOf.get(row.id) ?? []
      const planned = own.filter(({ state }) => state === 'scheduled').map((push) => push.scheduled_at)
      const creator = personOf.get(row.created_by)!
      return {
        id: row.id,
        name: row.name,
        sendScope: row.send_scope,
        createdBy: { userid: creator.userid, name: creator.name, department: creator.full_name ?? '', active: true },
        createdAt: row.created_at,
        state: row.state,
        editable: own.every(({ state }) => state !== 'issued'),
        pushes: {
          issued: own.filter(({ state }) => state === 'issued').length,
          total: own.length,
          nextAt: planned.length > 0 ? Math.min(...planned) : null,
        },
        executors: executorsOf.get(row.id) ?? 0,
        done: executionsOf.get(row.id)?.done ?? 0,
        executions: executionsOf.get(row.id)?.all ?? 0,
      }
    }),
    total: total.get(),
    previous: null,
    next: found.length > 20 ? `${rows.at(-1)!.created_at}/${rows.at(-1)!.id}` : null,
  })
})
const server = app.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
answerUsed()
process.once('SIGTERM', () => process.exit(0))
