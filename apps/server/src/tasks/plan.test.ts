import { HOUR, MINUTE, startOfMinute } from '@qimeng/contract/time'
import { describe, expect, it } from 'vitest'
import { aPush, aTask } from '../test/builders.ts'
import { type Circumstances, planProblems } from './plan.ts'

const now = Date.UTC(2026, 10, 25, 1, 30, 42)
const everybody = (userids: string[]): Circumstances => ({
  now,
  maxExecutors: 100,
  active: new Set(userids),
  nameOf: (userid) => `员工 ${userid}`,
})
const due = (scheduledAt: number) => aTask({ executors: ['a'], pushes: [aPush({ scheduledAt })] })

describe('what the server judges about a plan', () => {
  it('takes the current minute for not earlier than now, and no minute before it', () => {
    expect(planProblems(due(startOfMinute(now)), everybody(['a']))).toEqual([])
    expect(planProblems(due(startOfMinute(now) - MINUTE), everybody(['a']))).toEqual([
      { path: ['pushes', 0, 'scheduledAt'], message: '推送时间不能早于当前时间' },
    ])
  })

  it('keeps to the ceiling of this installation', () => {
    const executors = Array.from({ length: 101 }, (_, index) => `u${index}`)
    const plan = aTask({ executors, pushes: [aPush({ scheduledAt: now + HOUR })] })
    expect(planProblems(plan, everybody(executors))).toEqual([{ path: ['executors'], message: '执行员工最多 100 人' }])
    expect(planProblems(plan, { ...everybody(executors), maxExecutors: 101 })).toEqual([])
  })

  it('names the executors who have left, the first five of them', () => {
    const plan = aTask({ executors: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], pushes: [aPush({ scheduledAt: now + HOUR })] })
    expect(planProblems(plan, everybody(['b', 'c', 'd', 'e', 'f', 'g']))[0]?.message).toBe(
      '员工 a已离职或不在应用可见范围内，请移除',
    )
    expect(planProblems(plan, everybody(['g']))[0]?.message).toBe(
      '员工 a、员工 b、员工 c、员工 d、员工 e等 6 人已离职或不在应用可见范围内，请移除',
    )
  })

  it('shows everything at once', () => {
    const plan = aTask({
      executors: ['a', 'b'],
      pushes: [aPush({ scheduledAt: now + HOUR }), aPush({ scheduledAt: 0 }), aPush({ scheduledAt: MINUTE })],
    })
    const paths = planProblems(plan, { ...everybody(['a']), maxExecutors: 1 }).map(({ path }) => path.join('.'))
    expect(paths).toEqual(['executors', 'executors', 'pushes.1.scheduledAt', 'pushes.2.scheduledAt'])
  })
})
