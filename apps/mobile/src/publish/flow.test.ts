import { describe, expect, it } from 'vitest'
import { aLink, anImage, aPush } from '../test/builders.ts'
import { contentOf, nextTarget, stepsFor, type Target, targetsOf } from './flow.ts'

const TEXT = { text: true, pictures: 0, link: false }
const LINK = { text: true, pictures: 0, link: true }
const BOTH = { text: true, pictures: 3, link: false }
const PICTURES = { text: false, pictures: 3, link: false }

const drawings = (...of: Parameters<typeof stepsFor>) => stepsFor(...of).map(({ drawing }) => drawing)

describe('the steps to publish', () => {
  it.each([
    ['text', TEXT, ['copy', 'camera', 'paste', 'publish']],
    ['text and link', LINK, ['copy', 'menu', 'paste', 'publish']],
    ['text and pictures', BOTH, ['save', 'copy', 'menu', 'paste', 'pictures', 'publish']],
    ['pictures alone, without copy or paste', PICTURES, ['save', 'menu', 'pictures', 'publish']],
  ])('to WeChat: %s', (_, content, steps) => {
    expect(drawings('wechat', content, true)).toEqual(steps)
    // WeCom's composer has no say in WeChat.
    expect(drawings('wechat', content, false)).toEqual(steps)
  })

  it.each([
    ['text', TEXT, '文案会自动填好'],
    ['text and link', LINK, '文案、链接会自动填好'],
    ['text and pictures', BOTH, '文案、图片会自动填好'],
    ['pictures alone', PICTURES, '图片会自动填好'],
  ])('to WeCom, by its composer: %s', (_, content, filled) => {
    expect(drawings('wecom', content, true)).toEqual(['composer', 'publish'])
    expect(stepsFor('wecom', content, true)[0]!.detail).toBe(filled)
  })

  it.each([
    ['text', TEXT, ['copy', 'workbench', 'paste', 'publish']],
    ['text and link', LINK, ['copy', 'workbench', 'paste', 'link', 'publish']],
    ['text and pictures', BOTH, ['save', 'copy', 'workbench', 'paste', 'pictures', 'publish']],
    ['pictures alone', PICTURES, ['save', 'workbench', 'pictures', 'publish']],
  ])('to WeCom, by hand: %s', (_, content, steps) => {
    expect(drawings('wecom', content, false)).toEqual(steps)
  })
})

it('tells who has no such menu, as outside WeCom, how the post gets there all the same', () => {
  const detailOf = (content: typeof TEXT) =>
    stepsFor('wechat', content, false).find(({ drawing }) => drawing === 'menu')!.detail
  expect(detailOf(LINK)).toContain('点「复制链接」')
  expect(detailOf(BOTH)).toContain('打开微信「发现」→「朋友圈」')
})

it('全部 is WeCom, then WeChat, then nothing more', () => {
  expect(targetsOf('all')).toEqual(['wecom', 'wechat'])
  const ticked = new Set<Target>()
  expect(nextTarget('all', ticked)).toBe('wecom')
  expect(nextTarget('all', ticked.add('wecom'))).toBe('wechat')
  expect(nextTarget('all', ticked.add('wechat'))).toBeUndefined()
})

it('reads what a push is made of', () => {
  expect(contentOf(aPush())).toEqual(TEXT)
  expect(contentOf(aPush({ link: aLink }))).toEqual(LINK)
  expect(contentOf(aPush({ text: '', images: [anImage('1'), anImage('2'), anImage('3')] }))).toEqual(PICTURES)
})
