import { describe, expect, it } from 'vitest'
import { reactive } from 'vue'
import { useStage } from './useStage.ts'

const PHONE = { width: 1000, height: 2000 }
const SMALL = { width: 80, height: 60 }
const open = (pictures = [PHONE, SMALL]) => useStage(() => pictures, reactive({ width: 600, height: 500 }))

describe('a picture on the stage', () => {
  it('fits in, upright and turned, and is never blown up by itself', () => {
    const stage = open()
    expect(stage.fitted.value).toEqual({ width: 250, height: 500 })
    stage.rotate()
    expect(stage.fitted.value).toEqual({ width: 300, height: 600 })
    stage.show(1)
    expect(stage.fitted.value).toEqual(SMALL)
  })

  it('can be moved only while it is larger than the stage, and only to its edge', () => {
    const stage = open()
    expect(stage.movable.value).toBe(false)
    stage.zoomBy(2)
    expect(stage.movable.value).toBe(true)
    stage.grab({ x: 0, y: 0 })
    stage.drag({ x: 900, y: 9000 })
    expect(stage.transform.value).toBe('translate(0px, 250px) scale(2) rotate(0deg)')
    stage.release()
    stage.drag({ x: 0, y: 0 })
    expect(stage.transform.value).toContain('250px')
  })

  it('keeps what is under the pointer there while it is zoomed', () => {
    const stage = open()
    stage.zoomBy(4, { x: 0, y: 100 })
    expect(stage.transform.value).toBe('translate(0px, -300px) scale(4) rotate(0deg)')
    stage.zoomBy(0.25)
    expect(stage.transform.value).toBe('translate(0px, 0px) scale(1) rotate(0deg)')
  })

  it('is zoomed within bounds', () => {
    const stage = open()
    stage.zoomBy(0.5)
    expect([stage.zoom.value, stage.smallest.value]).toEqual([1, true])
    for (let times = 0; times < 20; times++) stage.zoomBy(1.25)
    expect([stage.zoom.value, stage.largest.value]).toEqual([8, true])
  })

  it('lies straight again when another one is shown, round the ends', () => {
    const stage = open()
    stage.zoomBy(3)
    stage.rotate()
    stage.step(-1)
    expect(stage.index.value).toBe(1)
    expect(stage.transform.value).toBe('translate(0px, 0px) scale(1) rotate(0deg)')
    stage.step(1)
    expect(stage.index.value).toBe(0)
  })
})
