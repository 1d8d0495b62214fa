import { expect, it, vi } from 'vitest'
import { answering } from '../../test/within.ts'
import { everybodyIn } from './everybody.ts'

it('goes through all pages of the filter', async () => {
  const pages: Record<string, object> = {
    first: { rows: [{ userid: 'a' }, { userid: 'b' }], next: 'second' },
    second: { rows: [{ userid: 'c' }], next: null },
  }
  const answer = vi.fn(({ query }: Record<string, unknown>) => pages[(query as { cursor?: string }).cursor ?? 'first'])
  const call = answering({ 'GET /api/console/pushes/:pushId/executions': answer })
  const rows = await everybodyIn(call, 'p1', { state: 'pending', departmentId: 7 })
  expect(rows.map(({ userid }) => userid)).toEqual(['a', 'b', 'c'])
  expect(answer.mock.calls.every(([{ query }]) => (query as { departmentId: number }).departmentId === 7)).toBe(true)
})
