import { ApiError } from '@qimeng/contract/client'
import { expect, it } from 'vitest'
import { problemOf } from './problem.ts'

const failure = (code: ApiError['code'], status: number) =>
  new ApiError({ code, message: '服务暂时不可用', requestId: 'r-42' }, status)

it.each([
  ['not_executor', 403, '你不是这个任务的执行员工'],
  ['task_deleted', 410, '任务已删除'],
  ['not_found', 404, '没有找到这个任务'],
] as const)('%s says what it is; trying again would not help', (code, status, title) => {
  expect(problemOf(failure(code, status))).toMatchObject({ title, retry: false })
})

it('offers another try without a network, and after an error of the server with the number to pass on', () => {
  expect(problemOf(failure('network', 0))).toMatchObject({ title: '网络不可用', retry: true })
  expect(problemOf(failure('internal', 500))).toMatchObject({ retry: true, requestId: 'r-42' })
  expect(problemOf(failure('unavailable', 503))).toMatchObject({ text: '服务暂时不可用', retry: true })
})

it('says what came too often, and when to come again', () => {
  const tooOften = new ApiError({ code: 'too_many_requests', message: '上传过于频繁，请 42 秒后再试' }, 429, 42)
  expect(problemOf(tooOften)).toEqual({ title: '操作太频繁', text: '上传过于频繁，请 42 秒后再试', retry: true })
})
