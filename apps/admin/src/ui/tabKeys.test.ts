import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { tabKeys } from './tabKeys.ts'

it('walks round the tabs by arrow keys, and the focus goes along', async () => {
  const chosen = ref('a')
  const keys = ['a', 'b', 'c']
  const onKeydown = tabKeys(
    () => keys,
    () => chosen.value,
    (key) => void (chosen.value = key),
  )
  const Tabs = defineComponent(
    () => () =>
      h(
        'div',
        { role: 'tablist', onKeydown },
        keys.map((key) => h('button', { role: 'tab' }, key)),
      ),
  )
  const list = mount(Tabs, { attachTo: document.body })
  for (const [key, at] of [
    ['ArrowRight', 'b'],
    ['ArrowLeft', 'a'],
    ['ArrowLeft', 'c'],
    ['ArrowRight', 'a'],
    ['Enter', 'a'],
  ]) {
    await list.trigger('keydown', { key })
    expect(chosen.value).toBe(at)
    expect(document.activeElement?.textContent).toBe(at)
  }
  list.unmount()
})
