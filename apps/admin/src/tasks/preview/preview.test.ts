import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { newDraft, newLink, newPush, uploaded } from '../form/draft.ts'
import CardPreview from './CardPreview.vue'
import MomentsPost from './MomentsPost.vue'

const picture = uploaded({ id: 'a', width: 8, height: 8, thumb: '/t', full: '/f' }, 'a.png')
// Element Plus comes with the build.
const global = { stubs: { ElIcon: true } }

it('draws WeChat codes in the post as emoji', () => {
  const props = { author: '张三', text: '上新啦[微笑] [不是表情]', pictures: [], link: null, time: '刚刚' }
  expect(mount(MomentsPost, { props, global }).text()).toContain('上新啦🙂 [不是表情]')
})

it('shows pictures alone without an empty text above them', () => {
  const pictures = [{ key: 'a', src: '/t', width: 8, height: 8 }]
  const post = mount(MomentsPost, { global, props: { author: '张三', text: ' ', pictures, link: null, time: '刚刚' } })
  expect(post.findAll('img')).toHaveLength(1)
  expect(post.find('.words').exists()).toBe(false)
})

it.each([
  ['图片 1 张', { pictures: [picture] }],
  ['文案和链接', { link: newLink() }],
  ['文案', {}],
])('says on the card that the content is %s', (words, change) => {
  const task = { ...newDraft(), name: '双十一[庆祝]' }
  const card = mount(CardPreview, { props: { task, push: { ...newPush(), ...change }, when: '2026-11-25 09:30' } })
  const lines = card.findAll('p').map((line) => line.text())
  expect(lines).toContain('朋友圈任务：双十一🎉')
  expect(lines).toContain(`内容：${words}`)
  expect(lines).toContain('请发表到微信朋友圈')
})
