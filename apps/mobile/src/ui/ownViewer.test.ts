import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { showOwnViewer } from './ownViewer.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

const viewer = () => document.querySelector<HTMLElement>('[role=dialog][aria-label=图片查看器]')
const gone = () => vi.waitFor(() => expect(viewer()).toBeNull(), PATIENT)

let close: () => void
beforeEach(async () => {
  close = showOwnViewer(['/files/images/i1/full', '/files/images/i2/full'], 1)
  await vi.waitFor(() => expect(viewer()?.textContent).toContain('2 / 2'), PATIENT)
})
afterEach(async () => {
  close()
  await gone()
})

it('closes by its button', async () => {
  viewer()!.querySelector<HTMLElement>('[aria-label=关闭图片]')!.click()
  await gone()
})

it('closes by Escape, which the sheet under it does not hear', async () => {
  const under = vi.fn()
  document.body.addEventListener('keydown', under, { once: true })
  viewer()!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  await gone()
  expect(under).not.toHaveBeenCalled()
  document.body.removeEventListener('keydown', under)
})

it('closes by the click of a mouse, while a finger may tap twice to zoom', async () => {
  const click = (pointerType: string) => {
    viewer()!.dispatchEvent(new PointerEvent('pointerdown', { pointerType }))
    viewer()!.click()
  }
  click('touch')
  await nextTick()
  expect(viewer()!.className).not.toContain('leave')
  click('mouse')
  await gone()
})
