import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Frame } from '@playwright/test'
import type Axe from 'axe-core'

/** WCAG 2.2 AA, as QUALITY.md 4 asks. */
const ALL = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** The rules that ask how something is coloured. */
const COLOURS = ['color-contrast', 'link-in-text-block']

const SOURCE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/**
 * Asks axe who is shut out of what a frame shows.
 * @param onlyColours where the same document has been looked at in other colours
 * @returns the rules that are seriously broken, and where
 */
export async function shutOut(frame: Frame, onlyColours = false): Promise<{ id: string; where: string[] }[]> {
  // It is as large as the app, and a document keeps it: given once, and by ourselves. @axe-core/playwright gives the unminified
  // one at each run to every frame, which took longer than the run.
  if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(SOURCE)
  return frame.evaluate(
    async (runOnly) => {
      const { axe } = window as unknown as { axe: typeof Axe }
      // What passes is not asked for.
      const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly })
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => ({
          id,
          where: nodes.map(({ target, failureSummary }) => `${String(target)} ${failureSummary}`),
        }))
    },
    onlyColours ? COLOURS : ALL,
  )
}
