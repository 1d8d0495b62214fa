import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WECOM_UA } from '../../test/phone.ts'
import type { Drawing } from '../flow.ts'
import StepDrawing from './StepDrawing.vue'

const DRAWINGS: Drawing[] = [
  ...(['save', 'copy', 'menu', 'camera', 'paste'] as const),
  ...(['pictures', 'link', 'publish', 'composer', 'workbench'] as const),
]
const ANDROID = WECOM_UA
const IOS = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1'

const drawn = (drawing: Drawing, userAgent: string) => {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent)
  // Apart from the ids, which differ by drawing.
  return mount(StepDrawing, { props: { drawing } }).html().replaceAll(/v-\d+/g, 'v')
}

afterEach(() => vi.restoreAllMocks())

describe.each(DRAWINGS)('the drawing of %s', (drawing) => {
  it('is another one on Android than on iOS', () => {
    expect(drawn(drawing, ANDROID)).not.toBe(drawn(drawing, IOS))
    expect(drawn(drawing, ANDROID)).toBe(drawn(drawing, ANDROID))
  })
})

it('shows what to touch by the words on the phone', () => {
  for (const [drawing, words] of [
    ['save', '保存图片'],
    ['menu', '转发朋友圈'],
    ['paste', '粘贴'],
    ['pictures', '完成'],
    ['publish', '发表'],
    ['workbench', '客户朋友圈'],
  ] as const) {
    for (const phone of [IOS, ANDROID]) expect(drawn(drawing, phone), drawing).toContain(words)
  }
})
