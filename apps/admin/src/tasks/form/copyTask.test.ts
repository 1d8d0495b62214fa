import type { TaskForm } from '@qimeng/contract/tasks'
import { parseShanghai } from '@qimeng/contract/time'
import { expect, it } from 'vitest'
import { copyTask } from './copyTask.ts'

const now = parseShanghai('2026-11-25 09:30')! + 20_000
const person = (name: string, active = true) => ({ userid: name, name, department: '', active })
const push = (name: string, at: string) => ({
  ...{ name, scheduledAt: parseShanghai(at)!, text: '上新', link: null },
  images: [{ id: 'a', width: 8, height: 8, thumb: '/t', full: '/f' }],
})
const task: TaskForm = {
  ...{ id: 't1', version: 3, name: '双十一', sendScope: 'all', hint: '今天发', editable: false },
  executors: [person('张三'), person('李四', false), person('王五')],
  pushes: [push('早', '2026-11-25 09:29'), push('中', '2026-11-25 09:30'), push('晚', '2026-11-25 18:00')],
}

it('takes everything along that can be planned once more, pictures too', () => {
  const { draft } = copyTask(task, now)
  expect(draft).toMatchObject({ version: null, name: '双十一', sendScope: 'all', hint: '今天发', hintEdited: true })
  expect(draft.pushes.map(({ pictures }) => pictures[0]!.image!.id)).toEqual(['a', 'a', 'a'])
})

it('leaves minutes that have passed to be chosen anew, and says so', () => {
  const { draft, notes } = copyTask(task, now)
  expect(draft.pushes.map(({ scheduledAt }) => scheduledAt)).toEqual([
    null,
    parseShanghai('2026-11-25 09:30'),
    parseShanghai('2026-11-25 18:00'),
  ])
  expect(notes[0]).toBe('「早」的推送时间已过，请重新选择。')
})

it('leaves out people who have left, by name', () => {
  const { draft, notes } = copyTask(task, now)
  expect(draft.executors.map(({ name }) => name)).toEqual(['张三', '王五'])
  expect(notes[1]).toBe('李四已离职或不在应用可见范围内，没有复制。')
})

it('names five and counts the rest', () => {
  const many = Array.from({ length: 7 }, (_, index) => person(`员工${index + 1}`, false))
  expect(copyTask({ ...task, executors: many }, now).notes[1]).toBe(
    '员工1、员工2、员工3、员工4、员工5等 7 人已离职或不在应用可见范围内，没有复制。',
  )
})

it('has nothing to say about a task that comes along whole', () => {
  expect(copyTask({ ...task, executors: [person('张三')], pushes: [task.pushes[2]!] }, now).notes).toEqual([])
})
