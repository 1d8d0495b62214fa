import { expect, it } from 'vitest'
import { effectScope, nextTick, reactive } from 'vue'
import type { DetailView } from './detailUrl.ts'
import { readView } from './detailUrl.ts'
import { useProofWalk } from './useProofWalk.ts'

type Page = Parameters<typeof useProofWalk>[0]['page']

function aPage(userids: string[], { previous = null as string | null, next = null as string | null } = {}): Page {
  const rows = userids.map((userid) => ({ userid }))
  return { rows, total: 4, previous, next, place: userids.join() } as Page
}

function open(page: Page, proof: string) {
  const list = reactive({
    view: { ...readView({}), proof },
    page,
    show: async (change: Partial<DetailView>) => void Object.assign(list.view, change),
  })
  const walk = effectScope().run(() => useProofWalk(list as never, list.show as never))!
  return { list, walk }
}

it('goes from person to person and stops at the ends', () => {
  const { list, walk } = open(aPage(['a', 'b']), 'a')
  expect(walk.previous.value).toBe(false)
  walk.step(1)
  expect(list.view.proof).toBe('b')
  expect(walk.next.value).toBe(false)
  walk.step(1)
  expect(list.view.proof).toBe('b')
})

it('turns the page and enters it at the near end', async () => {
  const { list, walk } = open(aPage(['a', 'b'], { next: 'second' }), 'b')
  walk.step(1)
  expect(list.view).toMatchObject({ cursor: 'second', proof: 'b' })
  list.page = aPage(['c', 'd'], { previous: 'first' })
  await nextTick()
  expect(list.view.proof).toBe('c')
  walk.step(-1)
  list.page = aPage(['a', 'b'], { next: 'second' })
  await nextTick()
  expect(list.view.proof).toBe('b')
})

it('opens nobody by itself when the list changes for another reason', async () => {
  const { list } = open(aPage(['a', 'b']), 'b')
  list.page = aPage(['x', 'a'])
  await nextTick()
  expect(list.view.proof).toBe('b')
})
