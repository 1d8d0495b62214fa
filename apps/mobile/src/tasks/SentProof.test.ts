import { mount, RouterLinkStub } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { anImage, aPush } from '../test/builders.ts'
import SentProof from './SentProof.vue'

const shown = (proof: Partial<NonNullable<ReturnType<typeof aPush>['proof']>>) =>
  mount(SentProof, {
    props: {
      push: aPush({ state: 'done', proof: { version: 1, submittedAt: 0, images: [], erasedAt: null, ...proof } }),
    },
    global: { stubs: { RouterLink: RouterLinkStub } },
  })

it('shows the screenshots, and the way to replace them', () => {
  const card = shown({ images: [anImage('a'), anImage('b')] })
  expect(card.findAll('img')).toHaveLength(2)
  expect(card.text()).toContain('替换凭证')
})

it('says that they were erased, asks for nothing and shows no broken picture', () => {
  const card = shown({ erasedAt: 1 })
  expect(card.text()).toContain('截图已按保留期限清除')
  expect(card.text()).not.toContain('替换凭证')
  expect(card.find('img').exists()).toBe(false)
})
