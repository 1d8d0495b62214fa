import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { anImage, aPush } from '../test/builders.ts'
import { aClipboard, becomeWecom } from '../test/phone.ts'
import type { Outcome } from '../wecom/client.ts'
import { usePublishing } from './usePublishing.ts'

const composer = vi.hoisted(() => vi.fn<(post: unknown, onLate: (outcome: Outcome) => void) => Promise<Outcome>>())
vi.mock('../wecom/moments.ts', () => ({ openMomentsComposer: composer }))

const publishing = (push = aPush(), userid = 'zhangsan') =>
  effectScope().run(() =>
    usePublishing(
      () => push,
      () => userid,
    ),
  )!

beforeEach(() => {
  localStorage.clear()
  composer.mockReset().mockResolvedValue({ ok: true })
})
afterEach(() => vi.restoreAllMocks())

describe('「确认」', () => {
  it('copies the text as it was typed, codes as codes', async () => {
    const clipboard = aClipboard()
    const { confirm, copy, confirmed } = publishing()
    await confirm()
    expect(clipboard.text).toBe('上新啦[庆祝]\n到店有礼')
    expect(copy.value).toBe('copied')
    expect(confirmed.value).toBe(true)
    expect(composer).not.toHaveBeenCalled()
  })

  it('leaves the clipboard untouched for pictures alone', async () => {
    const clipboard = aClipboard()
    clipboard.text = '别的'
    const { confirm, copy, confirmed } = publishing(aPush({ text: '', images: [anImage()] }))
    await confirm()
    expect(clipboard.text).toBe('别的')
    expect([copy.value, confirmed.value]).toEqual(['untouched', true])
  })

  it('offers the text to select where nothing can copy', async () => {
    aClipboard({ allowed: false })
    const { confirm, copy } = publishing()
    await confirm()
    expect(copy.value).toBe('by-hand')
  })
})

describe('the composer of WeCom', () => {
  it('opens after the copy for the scope WeCom, not for WeChat', async () => {
    becomeWecom()
    aClipboard()
    await publishing(aPush({ sendScope: 'wechat' })).confirm()
    expect(composer).not.toHaveBeenCalled()
    const { confirm, composer: state } = publishing(aPush({ sendScope: 'wecom' }))
    await confirm()
    expect(composer).toHaveBeenCalledOnce()
    expect(state.value).toBe('opened')
  })

  it('gives way to the steps by hand when the client refuses, says why in Chinese, and is not asked again', async () => {
    becomeWecom()
    aClipboard()
    composer.mockResolvedValue({ ok: false, failure: 'refused', detail: 'shareToExternalMoments:no permission' })
    const { confirm, composer: state, opensComposer, refusal, parts } = publishing(aPush({ sendScope: 'wecom' }))
    expect(parts.value[0]!.steps[0]!.drawing).toBe('composer')
    await confirm()
    expect([state.value, refusal.value]).toEqual(['refused', '你还没有发表到企业微信朋友圈的权限，请联系管理员'])
    expect(parts.value[0]!.steps.map(({ drawing }) => drawing)).toEqual(['copy', 'workbench', 'paste', 'publish'])
    expect(opensComposer.value).toBe(false)
    await confirm()
    expect(composer).toHaveBeenCalledOnce()
  })

  it('that is slow offers the steps by hand, and is believed when it answers after all', async () => {
    becomeWecom()
    aClipboard()
    composer.mockResolvedValue({ ok: false, failure: 'timeout', detail: '' })
    const { confirm, composer: state } = publishing(aPush({ sendScope: 'wecom' }))
    await confirm()
    expect(state.value).toBe('slow')
    composer.mock.lastCall![1]({ ok: true })
    expect(state.value).toBe('opened')
  })

  it('that was opened asks about its part, when another part is waiting, until it is ticked off', async () => {
    becomeWecom()
    aClipboard()
    const { confirm, parts, tick } = publishing(aPush({ sendScope: 'all' }))
    const asked = () => parts.value.map((part) => part.asked)
    expect(asked()).toEqual([false, false])
    await confirm()
    expect(asked()).toEqual([true, false])
    tick('wecom', true)
    expect(asked()).toEqual([false, false])
  })

  it('is not asked for outside WeCom: the steps are by hand from the start', async () => {
    aClipboard()
    const { confirm, parts } = publishing(aPush({ sendScope: 'wecom' }))
    expect(parts.value[0]!.steps.map(({ drawing }) => drawing)).toContain('workbench')
    await confirm()
    expect(composer).not.toHaveBeenCalled()
  })
})

describe('全部', () => {
  it('remembers what was ticked off, for this person and push alone', async () => {
    becomeWecom()
    aClipboard()
    const both = aPush({ sendScope: 'all' })
    const { confirm, tick } = publishing(both)
    await confirm()
    expect(composer).toHaveBeenCalledOnce()
    tick('wecom', true)

    const again = publishing(both)
    expect(again.parts.value.map(({ ticked }) => ticked)).toEqual([true, false])
    await again.confirm()
    expect(composer, 'only the text for WeChat is left').toHaveBeenCalledOnce()
    expect(publishing(both, 'lisi').parts.value.map(({ ticked }) => ticked)).toEqual([false, false])
    expect(publishing(aPush({ sendScope: 'all', pushId: 'p2' })).parts.value[0]!.ticked).toBe(false)
    again.tick('wecom', false)
    expect(publishing(both).parts.value[0]!.ticked).toBe(false)
  })
})
