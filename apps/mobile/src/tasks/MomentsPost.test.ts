import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { aLink, anImage, aPush } from '../test/builders.ts'
import MomentsPost from './MomentsPost.vue'

const shown = (push = aPush()) => mount(MomentsPost, { props: { push, author: '张三' } })

it('draws WeChat codes as emoji and keeps line breaks and unknown brackets', () => {
  const post = shown(aPush({ text: '上新啦[庆祝]\n\n[注意] 到店有礼' }))
  expect(post.get('.post__text').element.textContent).toBe('上新啦🎉\n\n[注意] 到店有礼')
})

it('opens the picture that was tapped', async () => {
  const post = shown(aPush({ images: ['1', '2', '3', '4'].map(anImage) }))
  const pictures = post.findAll('button')
  expect(pictures.map((picture) => picture.attributes('aria-label'))).toEqual([1, 2, 3, 4].map((n) => `查看图片 ${n}`))
  await pictures[2]!.trigger('click')
  expect(post.emitted('open')).toEqual([[2]])
})

it('shows a link with its title and description, leading to it', () => {
  const link = shown(aPush({ link: aLink })).get('a')
  expect(link.attributes('href')).toBe('https://shop.example.com/new')
  expect(link.text()).toContain('秋冬新品')
  expect(link.text()).toContain('预约试穿')
})
