import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keepPrepared } from './statements.ts'

let sqlite: Sqlite.Database
let prepare: ReturnType<typeof keepPrepared>
beforeEach(() => {
  sqlite = new Sqlite(':memory:')
  prepare = keepPrepared(sqlite)
  prepare('create table tasks (id)').run()
  prepare('insert into tasks values (?), (?)').run(1, 2)
})
afterEach(() => sqlite.close())

it('prepares a text once, and answers by what is bound and stored then', () => {
  const count = 'select count(*) as found from tasks where id > ?'
  expect(prepare(count).get(0)).toEqual({ found: 2 })
  prepare('delete from tasks where id = ?').run(2)
  expect(prepare(count).get(0)).toEqual({ found: 1 })
  expect(prepare(count).get(1)).toEqual({ found: 0 })
  expect(prepare(count)).toBe(prepare(count))
})

it('gives another statement while one is being walked through', () => {
  const all = 'select id from tasks order by id'
  const seen = []
  for (const row of prepare(all).iterate()) seen.push([row, prepare(all).all()])
  const both = [{ id: 1 }, { id: 2 }]
  expect(seen).toEqual(both.map((row) => [row, both]))
})

it('knows new columns of a table it has read before', () => {
  expect(prepare('select * from tasks').all()).toHaveLength(2)
  prepare("alter table tasks add column name default '春节'").run()
  expect(prepare('select * from tasks where id = 1').get()).toEqual({ id: 1, name: '春节' })
  expect(prepare('select * from tasks').all()).toContainEqual({ id: 2, name: '春节' })
})

it('does not grow with the number of different texts', () => {
  const first = prepare('select 0')
  for (let number = 1; number < 1000; number++) prepare(`select ${number}`)
  expect(prepare('select 0')).not.toBe(first)
  expect(prepare('select 999')).toBe(prepare('select 999'))
})
