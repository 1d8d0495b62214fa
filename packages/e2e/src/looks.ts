import { expect, type Frame, type Page, test } from '@playwright/test'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { shutOut } from './accessibility.ts'
import { root } from './service.ts'

const LOOKS = join(root, 'packages/e2e/test-results/looks')
const PICTURES = join(root, 'docs/pictures')
const MOST_BYTES = 200 * 1024

export interface Looking {
  /** It is the waiting that is looked at: for an answer that never comes. */
  loading?: boolean
  /** The same page has been checked at another width: what is new is where things are. */
  layoutOnly?: boolean
  /** The same page has been checked by day: what is new is its colours. */
  byNight?: boolean
}

/**
 * Looks at a page once it stands still: nobody is shut out (axe), nothing sticks out at the side, no picture is broken, and a
 * screenshot is left in test-results/looks for people to look at, except in CI.
 * @param frame what the app shows, where that is only a part of the page
 */
export async function look(
  page: Page,
  name: string,
  frame: Frame = page.mainFrame(),
  { loading, layoutOnly, byNight }: Looking = {},
): Promise<void> {
  await test.step(`looks: ${name}`, async () => {
    if (!loading) await expect(frame.locator('.el-skeleton, .sk, .is-loading')).toHaveCount(0)
    await isDrawn(frame)
    // Where nobody will look at them they are not drawn.
    if (!process.env['CI']) await page.screenshot({ path: join(LOOKS, `${name}.png`), animations: 'disabled' })
    if (!layoutOnly) expect.soft(await shutOut(frame, byNight), `${name}: nobody is shut out`).toEqual([])
    expect.soft(await sticksOut(frame), `${name}: nothing sticks out at the side`).toEqual([])
    expect.soft(await brokenPictures(frame), `${name}: every picture is there`).toEqual([])
    expect.soft(await cutOff(frame), `${name}: no placeholder is cut off`).toEqual([])
  })
}

/** A state of the console on a desk's screen and on a small one. What can be read and reached does not depend on the width. */
export async function lookAtBothWidths(
  page: Page,
  { name, picture, loading }: Looking & { name: string; picture?: string },
): Promise<void> {
  await look(page, `console-1440-${name}`, page.mainFrame(), { ...(loading ? { loading } : {}) })
  if (picture) await keepForDocuments(page, picture)
  await page.setViewportSize({ width: 1024, height: 768 })
  await look(page, `console-1024-${name}`, page.mainFrame(), { ...(loading ? { loading } : {}), layoutOnly: true })
}

/** The same page as a picture of the documents, when somebody asks for new ones. */
export async function keepForDocuments(page: Page, name: string): Promise<void> {
  const path = join(PICTURES, `${name}.png`)
  if (!process.env['UPDATE_PICTURES']) {
    expect.soft(existsSync(path), `${path} is in the repository`).toBe(true)
    return
  }
  const shot = await page.screenshot({ animations: 'disabled' })
  const picture = await sharp(shot).png({ palette: true, quality: 90, effort: 10 }).toBuffer()
  expect(picture.length, `${name}.png is small enough to be loaded with a README`).toBeLessThan(MOST_BYTES)
  await mkdir(PICTURES, { recursive: true })
  await writeFile(path, picture)
}

/** Waits until what can be seen has been drawn and moves no more; what shows that something is loading moves for ever. */
export async function isDrawn(frame: Frame): Promise<void> {
  await frame.waitForFunction(() => {
    const inSight = (image: HTMLImageElement) => {
      const { top, bottom } = image.getBoundingClientRect()
      return bottom > 0 && top < innerHeight
    }
    return (
      document.fonts.status === 'loaded' &&
      Array.from(document.images)
        .filter(inSight)
        .every((image) => image.complete)
    )
  })
  await frame.evaluate(async () => {
    const ends = (animation: Animation) => animation.effect?.getComputedTiming().endTime !== Infinity
    const moving = async () => {
      // What has just been shown begins to fade in with the next frame but one.
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
      return document.getAnimations().filter((animation) => animation.playState === 'running' && ends(animation))
    }
    for (let some = await moving(); some.length > 0; some = await moving()) {
      await Promise.allSettled(some.map((animation) => animation.finished))
    }
  })
}

const brokenPictures = (frame: Frame) =>
  frame.evaluate(() =>
    Array.from(document.images)
      .filter((image) => image.complete && image.currentSrc !== '' && image.naturalWidth === 0)
      .map((image) => image.currentSrc),
  )

/** What a thumb can touch and is less than 44 px high or wide (QUALITY.md 4); a line of text is as high as it is. */
export const tooSmallToTouch = (frame: Frame) =>
  frame.evaluate(() =>
    Array.from(document.querySelectorAll('a[href], button, label:has(input), [role="tab"]'))
      .filter((element) => !element.closest('[inert]') && element.checkVisibility())
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => Math.min(box.width, box.height) < 43.5)
      .map(({ element, box }) => `${element.className} ${element.textContent} ${box.width} × ${box.height}`),
  )

/** What makes the page wider than the screen; a box that scrolls by itself is none of it. */
const sticksOut = (frame: Frame) =>
  frame.evaluate(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return Array.from(document.body.querySelectorAll('*'))
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName}.${element.className} ${element.getBoundingClientRect().right}`)
  })

/** Placeholders that are longer than their field. */
const cutOff = (frame: Frame) =>
  frame.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d')!
    const room = (field: HTMLInputElement) => {
      const { paddingLeft, paddingRight } = getComputedStyle(field)
      return field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)
    }
    const length = (field: HTMLInputElement) => {
      pen.font = getComputedStyle(field).font
      return pen.measureText(field.placeholder).width
    }
    return Array.from(document.querySelectorAll('input'))
      .filter((field) => field.value === '' && field.checkVisibility() && length(field) > room(field) + 1)
      .map((field) => `${field.placeholder}: ${length(field)} px in ${room(field)}`)
  })
