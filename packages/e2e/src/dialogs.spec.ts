import type { Locator } from '@playwright/test'
import { CONSOLE_DIALOGS } from './console-dialogs.ts'
import { expect, test, WIDE } from './console-visit.ts'
import { lookAtBothWidths } from './looks.ts'

test.use({ seeded: true })
test.describe.configure({ mode: 'parallel' })

for (const { opener, title, picture, ...place } of CONSOLE_DIALOGS) {
  test(`the dialog ${place.name} keeps the focus, looks right, and gives the focus back to what opened it`, async ({
    visit,
  }) => {
    const page = await visit({ ...place, shows: '管理后台' }, WIDE)
    const dialog = page.getByRole('dialog', { name: title })
    await opener(page).focus()
    await page.keyboard.press('Enter')
    await expect(dialog).toBeVisible()
    await expect.poll(() => hasFocus(dialog), 'the focus goes into it').toBe(true)
    const stops = await dialog.locator('button, input, a[href], [tabindex="0"]').count()
    // Forward past everything and round the end, then back over the beginning.
    for (const [key, steps] of [
      ['Tab', stops + 2],
      ['Shift+Tab', 5],
    ] as const) {
      for (let step = 0; step < steps; step++) {
        await page.keyboard.press(key)
        expect(await hasFocus(dialog), `${key}, step ${step}`).toBe(true)
      }
    }
    // What opened it may turn meanwhile; in the dialog nothing does.
    await expect(dialog.locator('.el-skeleton, .sk')).toHaveCount(0)
    await lookAtBothWidths(page, { name: place.name, loading: true, ...(picture ? { picture } : {}) })
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(opener(page), 'the focus is back').toBeFocused()
  })
}

/** The frame around a dialog takes the focus while nothing in it has. */
const hasFocus = (dialog: Locator) =>
  dialog.evaluate((element) => (element.closest('.el-overlay') ?? element).contains(document.activeElement))
