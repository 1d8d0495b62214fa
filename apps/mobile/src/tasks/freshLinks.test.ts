import { PiniaColada } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { anImage, aPush } from '../test/builders.ts'
import { useFreshLinks } from './freshLinks.ts'
import NineGrid from './NineGrid.vue'
import { usePush } from './queries.ts'

const server = vi.hoisted(() => ({ call: vi.fn() }))
vi.mock('../api.ts', () => server)
afterEach(() => vi.clearAllMocks())

/** A page with two pictures; `signature` is what the server signs with. */
async function openPage() {
  const signing = { signature: 1 }
  server.call.mockImplementation(async () =>
    aPush({
      images: ['a', 'b'].map((id) => ({ ...anImage(id), thumb: `/files/images/${id}/thumb?s=${signing.signature}` })),
    }),
  )
  const Page = defineComponent({
    setup() {
      useFreshLinks()
      const { data } = usePush(() => 'p1')
      return () => data.value && h(NineGrid, { images: data.value.images })
    },
  })
  const page = mount(Page, { attachTo: document.body, global: { plugins: [createPinia(), PiniaColada] } })
  await flushPromises()
  const pictures = () => page.findAll('img')
  return {
    page,
    signing,
    sources: () => pictures().map(({ element }) => element.src.replace(location.origin, '')),
    // As a browser does it: the event does not bubble.
    missing: () => page.findAll('img[data-missing]').length,
    all: async (event: 'error' | 'load') => {
      for (const { element } of pictures()) element.dispatchEvent(new Event(event))
      await flushPromises()
    },
  }
}

const timesAsked = () => server.call.mock.calls.length

it('asks once for fresh links of pictures that do not come, however many they are', async () => {
  const { page, signing, sources, missing, all } = await openPage()
  signing.signature = 2
  await all('error')
  expect(missing()).toBe(0)
  expect(timesAsked()).toBe(2)
  expect(sources()).toEqual(['/files/images/a/thumb?s=2', '/files/images/b/thumb?s=2'])

  // Gone for good: nobody asks again and again.
  await all('error')
  expect(timesAsked()).toBe(2)
  expect(missing()).toBe(2)
  // Until there is something to see after all.
  await all('load')
  expect(missing()).toBe(0)
  page.unmount()
})

it('asks anew when the links end once more', async () => {
  const { page, signing, sources, all } = await openPage()
  signing.signature = 2
  await all('error')
  await all('load')
  signing.signature = 3
  await all('error')
  expect(sources()).toEqual(['/files/images/a/thumb?s=3', '/files/images/b/thumb?s=3'])
  page.unmount()
})

it('stays as it is where there is no answer', async () => {
  const { page, sources, all } = await openPage()
  server.call.mockRejectedValue(new Error('no network'))
  await all('error')
  expect(sources()).toEqual(['/files/images/a/thumb?s=1', '/files/images/b/thumb?s=1'])
  page.unmount()
})
