import type { Page } from '@playwright/test'
import { launch, submitProof } from './campaign.ts'
import { expect, test } from './fixtures.ts'
import { isDrawn } from './looks.ts'
import { taskPage } from './task-page.ts'

// The demo's past has people with one screenshot and people with two.
test.use({ seeded: true, company: 'proofs' })

const RUNNING = '双十二新品上市'
const viewerOf = (page: Page) => page.getByRole('dialog', { name: /^执行凭证/ })

test('looks through the proofs with the keyboard', async ({ administrator }) => {
  const { page } = await administrator('张三')
  const task = taskPage(page)
  await task.open(RUNNING)
  await task.done.click()
  await expect(page.getByRole('row').filter({ hasText: '2 张' }).first()).toBeVisible()
  const names = await page.locator('tbody tr td:first-child').allTextContents()
  const at = (await page.locator('tbody tr').allTextContents()).findIndex((text) => text.includes('2 张'))
  await task.row(names[at]!).getByRole('button', { name: '查看' }).focus()
  await page.keyboard.press('Enter')
  const viewer = viewerOf(page)
  const picture = viewer.getByRole('img', { name: /的执行凭证，第/ })
  await expect(picture).toHaveAccessibleName(`${names[at]!}的执行凭证，第 1 张，共 2 张`)
  await page.keyboard.press('ArrowRight')
  await expect(picture).toHaveAccessibleName(`${names[at]!}的执行凭证，第 2 张，共 2 张`)

  await page.keyboard.press('+')
  await expect(viewer.getByRole('button', { name: '125%，恢复原始大小' })).toBeVisible()
  await page.keyboard.press('0')
  await expect(viewer.getByRole('button', { name: '100%，恢复原始大小' })).toBeVisible()

  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('heading', { name: `执行凭证 · ${names[at + 1]!}` })).toBeVisible()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('heading', { name: `执行凭证 · ${names[at]!}` })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await expect(viewer).toBeHidden()
  await expect(task.row(names[at + 1]!).getByRole('button', { name: '查看' })).toBeFocused()
})

test('zooms with the wheel, turns, and drags the picture no further than its edge', async ({ administrator }) => {
  const { page } = await administrator('张三', { viewport: { width: 1024, height: 768 } })
  const task = taskPage(page)
  await task.open(RUNNING)
  await task.done.click()
  await page.getByRole('button', { name: '查看' }).first().click()
  const viewer = viewerOf(page)
  const picture = viewer.getByRole('img', { name: /的执行凭证，第/ })
  await isDrawn(page.mainFrame())
  const whole = (await picture.boundingBox())!
  const middle = { x: whole.x + whole.width / 2, y: whole.y + whole.height / 2 }
  await page.mouse.move(middle.x, middle.y)
  for (let times = 0; times < 6; times++) await page.mouse.wheel(0, -100)
  await expect.poll(async () => (await picture.boundingBox())!.height).toBeGreaterThan(whole.height * 1.8)

  await page.mouse.down()
  await page.mouse.move(middle.x, middle.y + 5_000, { steps: 4 })
  await page.mouse.up()
  await expect.poll(async () => Math.abs((await picture.boundingBox())!.y - whole.y)).toBeLessThan(1)
  await viewer.getByRole('button', { name: '旋转' }).click()
  await expect
    .poll(async () => {
      const { width, height } = (await picture.boundingBox())!
      return width > height
    })
    .toBe(true)
})

test('chooses an earlier version of a proof by its date', async ({ administrator, phoneOf }) => {
  const { page, call } = await administrator()
  const name = '换过的凭证'
  const { pushId } = await launch(call, name, ['lisi'])
  const phone = await phoneOf('lisi')
  await submitProof(phone, pushId, '#5a7')
  await submitProof(phone, pushId, '#a57', '#57a')
  const task = taskPage(page)
  await task.open(name)
  await task.done.click()
  await task.row('李四').getByRole('button', { name: '查看' }).click()
  const versions = viewerOf(page).getByRole('group', { name: '提交记录' })
  await expect(versions.getByRole('button', { name: /^第 2 次 \d\d-\d\d \d\d:\d\d（最新）$/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await expect(viewerOf(page).getByRole('img', { name: '李四的执行凭证，第 1 张，共 2 张' })).toBeVisible()
  await versions.getByRole('button', { name: /^第 1 次/ }).click()
  await expect(viewerOf(page).getByRole('img', { name: '李四的执行凭证，第 1 张，共 1 张' })).toBeVisible()
})

test('is told when a picture does not come, and gets it again', async ({ administrator, expecting }) => {
  expecting(/ERR_FAILED.*\/files\/images\//)
  const { page } = await administrator('张三')
  const task = taskPage(page)
  await task.open(RUNNING)
  await task.done.click()
  await page.route(/\/files\/images\/.*\/full/, (route) => route.abort())
  await page.getByRole('button', { name: '查看' }).first().click()
  const viewer = viewerOf(page)
  await expect(viewer.getByText('图片没有加载出来')).toBeVisible()
  await page.unroute(/\/files\/images\/.*\/full/)
  await viewer.getByRole('button', { name: '重新加载' }).click()
  await expect(viewer.getByText('图片没有加载出来')).toBeHidden()
  await expect(viewer.getByRole('img', { name: /的执行凭证，第/ })).not.toHaveJSProperty('naturalWidth', 0)
})
