import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { newDraft, newLink, newPush, type PushDraft, type TaskDraft, uploaded } from '../form/draft.ts'
import CardPreview from './CardPreview.vue'
import { useLook } from './look.ts'
import MomentsPost from './MomentsPost.vue'
import type { GridPicture } from './NineGrid.vue'
import NineGrid from './NineGrid.vue'
import { LINE } from './useFolding.ts'

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

const aPicture = (key: string, change: Partial<GridPicture> = {}): GridPicture => ({
  key,
  src: `/${key}`,
  width: 8,
  height: 8,
  ...change,
})
const nine = (count: number) => Array.from({ length: count }, (_, index) => aPicture(`p${index}`))

it.each([
  [1, 1],
  [2, 3],
  [3, 3],
  [4, 2],
  [5, 3],
  [9, 3],
])('lays %i pictures out in %i columns, in their order', (count, columns) => {
  const grid = mount(NineGrid, { global, props: { pictures: nine(count) } })
  expect(grid.attributes('style')).toContain(`repeat(${columns},`)
  expect(grid.findAll('img').map((image) => image.attributes('src'))).toEqual(nine(count).map(({ src }) => src))
})

it('gives a picture of this browser its shape once it is drawn, and a broken one a place', async () => {
  const grid = mount(NineGrid, { global, props: { pictures: [aPicture('a', { width: null, height: null })] } })
  const image = grid.get('img')
  Object.defineProperty(image.element, 'naturalWidth', { value: 400 })
  Object.defineProperty(image.element, 'naturalHeight', { value: 200 })
  await image.trigger('load')
  expect(image.attributes('style')).toContain('150 / 75')
  await image.trigger('error')
  expect(grid.find('img').exists()).toBe(false)
  expect(grid.get('[role=img]').attributes('aria-label')).toBe('图片 1，无法显示')
})

it('draws the sign of a link where its cover cannot be loaded', async () => {
  const link = { title: '新品', cover: '/gone' }
  const post = mount(MomentsPost, { global, props: { author: '张三', text: 'a', pictures: [], link, time: '刚刚' } })
  await post.get('img').trigger('error')
  expect(post.find('img').exists()).toBe(false)
  expect(post.find('.no-cover').exists()).toBe(true)
})

describe('a long text', () => {
  let lines = 0
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(() => lines * LINE)
  })
  afterEach(() => vi.restoreAllMocks())

  const post = (text: string) =>
    mount(MomentsPost, { global, props: { author: '张三', text, pictures: [], link: null, time: '刚刚' } })

  it('of six lines stands there whole', async () => {
    lines = 6
    const view = post('六行')
    await nextTick()
    expect(view.find('.fold').exists()).toBe(false)
    expect(view.get('.words').classes()).not.toContain('folded')
  })

  it('of seven is folded, opened by 「全文」 and closed by 「收起」', async () => {
    lines = 7
    const view = post('七行')
    await nextTick()
    const button = view.get('.fold')
    expect(button.text()).toBe('全文')
    expect(view.get('.words').attributes('style')).toContain(`max-height: ${6 * LINE}px`)
    await button.trigger('click')
    expect(button.text()).toBe('收起')
    expect(view.get('.words').attributes('style')).not.toContain('max-height')
    await button.trigger('click')
    expect(view.get('.words').classes()).toContain('folded')
  })

  it('that is shortened loses its button, also while it is open', async () => {
    lines = 7
    const view = post('七行')
    await nextTick()
    await view.get('.fold').trigger('click')
    lines = 2
    await view.setProps({ text: '两行' })
    await nextTick()
    expect(view.find('.fold').exists()).toBe(false)
  })

  it('that was blank and is written now is folded, too', async () => {
    lines = 7
    const view = post('')
    await view.setProps({ text: '七行' })
    await nextTick()
    expect(view.get('.fold').text()).toBe('全文')
  })
})

it('remembers the look of the phone', async () => {
  localStorage.clear()
  const look = useLook()
  expect(look.value).toBe('light')
  look.value = 'dark'
  await nextTick()
  expect(useLook().value).toBe('dark')
})

const refuse = () => {
  throw new DOMException('denied', 'SecurityError')
}
it.each([
  ['keeps nothing', () => ({ getItem: refuse, setItem: refuse }) as unknown as Storage],
  ['forbids even to ask for its storage', refuse],
])('keeps the look for now where the browser %s', async (_, storage) => {
  const look = useLook(storage)
  look.value = 'dark'
  await nextTick()
  expect(look.value).toBe('dark')
})

const cardOf = (kind: 'textcard' | 'template_card', task: Partial<TaskDraft> = {}, push: Partial<PushDraft> = {}) =>
  mount(CardPreview, {
    props: {
      ...{ kind, when: '2026-11-25 09:30' },
      task: { ...newDraft(), name: '双十一[庆祝]', ...task },
      push: { ...newPush(), ...push },
    },
  })

it.each([
  ['图片 1 张', { pictures: [picture] }],
  ['文案和链接', { link: newLink() }],
  ['文案', {}],
])('says on the card that the content is %s', (words, change) => {
  const card = cardOf('textcard', {}, change)
  expect(card.get('h3').text()).toBe('朋友圈任务：双十一🎉')
  const lines = card.findAll('p').map((line) => line.text())
  expect(lines).toEqual([
    '推送时间：2026-11-25 09:30',
    '推送：推送名称',
    '发送范围：微信朋友圈',
    `内容：${words}`,
    '请发表到微信朋友圈',
    '任务详情›',
  ])
})

it('draws a template card with its fields where the installation sends those', () => {
  const card = cardOf('template_card')
  expect(card.get('h3').text()).toBe('朋友圈任务：双十一🎉')
  expect(card.findAll('p').map((line) => line.text())).toEqual(['企盟助手', '请发表到微信朋友圈', '任务详情›'])
  const names = card.findAll('dt').map((name) => name.text())
  expect(names).toEqual(['推送时间', '推送', '发送范围', '内容'])
  expect(card.findAll('dd')[0]!.text()).toBe('2026-11-25 09:30')
})

it.each(['textcard', 'template_card'] as const)('leaves an empty hint out of a %s, as the server does', (kind) => {
  const lines = (hint: string) => cardOf(kind, { hint }).findAll('p').length
  expect(lines(' ')).toBe(lines('请转发') - 1)
})
