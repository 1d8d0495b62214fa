import { expect, it } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useSelection } from './useSelection.ts'

function open(userids: string[]) {
  const shown = ref(userids)
  const place = ref('first')
  const selection = effectScope().run(() =>
    useSelection(
      () => shown.value,
      () => place.value,
    ),
  )!
  return { shown, place, selection }
}

it('keeps whom one chose on another page', async () => {
  const { shown, place, selection } = open(['a', 'b'])
  selection.setAll(true)
  shown.value = ['c']
  place.value = 'second'
  await nextTick()
  expect([...selection.chosen]).toEqual(['a', 'b'])
  expect(selection.all.value).toBe(false)
})

it('lets go of who finished meanwhile, and of nobody else', async () => {
  const { shown, selection } = open(['a', 'b'])
  selection.setAll(true)
  shown.value = ['b', 'c']
  await nextTick()
  expect([...selection.chosen]).toEqual(['b'])
})
