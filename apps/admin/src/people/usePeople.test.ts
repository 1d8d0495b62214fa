import type { PersonRow } from '@qimeng/contract/people'
import { expect, it, vi } from 'vitest'
import { type Answers, within } from '../test/within.ts'
import { usePeople } from './usePeople.ts'

const COMPANY = Array.from({ length: 10_000 }, (_, n): PersonRow => {
  const name = `员工${n}`
  return { userid: `p${n}`, name, department: '门店', position: '导购', active: true }
})

interface Query {
  keyword?: string
  cursor?: string
  limit: number
}

/** A server with these people; the cursor is where the next page begins. */
function peopleOf(company: PersonRow[]) {
  const search = vi.fn(({ query }: { query: Query }) => {
    const { keyword = '', cursor = '0', limit } = query
    const found = company.filter(({ name }) => name.includes(keyword))
    const end = Number(cursor) + limit
    const rows = found.slice(Number(cursor), end)
    return { rows, total: found.length, next: end < found.length ? String(end) : null }
  })
  const answers = { 'GET /api/console/people': search } as unknown as Answers
  return { search, people: within(answers, usePeople).result }
}

it('knows from the first page how many there are, and loads the others when they are wanted', async () => {
  const { people, search } = peopleOf(COMPANY)
  await people.find('')
  expect(people.total.value).toBe(10_000)
  expect(people.people.value).toHaveLength(100)
  await people.reach(20)
  expect(search).toHaveBeenCalledTimes(1)
  await people.reach(60)
  expect(people.people.value).toHaveLength(200)
})

it('reaches the last of 10,000 in few, large pages', async () => {
  const { people, search } = peopleOf(COMPANY)
  await people.find('')
  await people.reach(9_999)
  expect(people.people.value).toEqual(COMPANY)
  expect(search.mock.calls.length).toBeLessThan(13)
})

it('goes on to where one has scrolled meanwhile', async () => {
  const { people } = peopleOf(COMPANY)
  await people.find('')
  const scrolling = people.reach(60)
  await people.reach(450)
  await scrolling
  expect(people.people.value.length).toBeGreaterThan(450)
})

it('shows the last search, however late the answer to one before comes', async () => {
  const { people, search } = peopleOf(COMPANY)
  const late = Promise.withResolvers<ReturnType<typeof search>>()
  search.mockImplementationOnce(() => late.promise as never)
  const first = people.find('员工1')
  await people.find('员工77')
  late.resolve({ rows: COMPANY.slice(0, 1), total: 1, next: null })
  await first
  expect(people.shown.value).toMatchObject({ keyword: '员工77' })
  expect(people.people.value.every(({ name }) => name.includes('员工77'))).toBe(true)
})

it('shows nobody found before when a search fails, and goes on from the page that failed', async () => {
  const { people, search } = peopleOf(COMPANY)
  await people.find('')
  search.mockImplementationOnce(() => {
    throw new Error('a page is lost')
  })
  await people.reach(90)
  expect(people.error.value).toMatchObject({ message: 'a page is lost' })
  expect(people.people.value).toHaveLength(100)
  await people.again()
  expect(people.people.value).toHaveLength(200)

  search.mockImplementationOnce(() => {
    throw new Error('the search is lost')
  })
  await people.find('员工7')
  expect(people.people.value).toEqual([])
  await people.again()
  expect(people.people.value[0]?.name).toBe('员工7')
})
