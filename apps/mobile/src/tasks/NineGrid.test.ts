import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { anImage } from '../test/builders.ts'
import NineGrid from './NineGrid.vue'

const sources = (count: number) =>
  mount(NineGrid, { props: { images: Array.from({ length: count }, (_, index) => anImage(`i${index + 1}`)) } })
    .findAll('img')
    .map((image) => image.attributes('src'))

it('loads a lone picture as large as the page shows it, and never the original', () => {
  expect(sources(1)).toEqual(['/files/images/i1/screen?s=1'])
})

it('loads small pictures into rows', () => {
  expect(sources(2)).toEqual(['/files/images/i1/thumb?s=1', '/files/images/i2/thumb?s=1'])
})
