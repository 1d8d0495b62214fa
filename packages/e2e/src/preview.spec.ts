import type { Locator, Page } from '@playwright/test'
import { formatShanghai, MINUTE } from '@qimeng/contract'
import { expect, test } from './fixtures.ts'
import { look } from './looks.ts'
import { aPicture } from './pictures.ts'
import { newTaskForm, type TaskForm } from './task-form.ts'
import type { Card } from './wecom.ts'

const STORE = '上海南京西路店'
const SMALL = { width: 120, height: 120 }
const COLOURS = ['#b8442f', '#d08a2e', '#6b7f3a', '#2f7f78', '#3b5fa0', '#7a4a8c', '#8c4a5f', '#4a5f8c', '#5f8c4a']
const SIZES = [
  [1440, 900],
  [1024, 768],
] as const

const LONG_TEXT = `${'冬日上新，暖意到店。'.repeat(19)}[爱心]好。`
const LONG_WORD = `https://example.com/${'a-very-long-path'.repeat(8)}`

const previewOf = (page: Page) => page.getByRole('complementary', { name: '手机预览' })
const postOf = (page: Page) => previewOf(page).getByRole('article').first()
const cardOf = (page: Page) => previewOf(page).getByRole('article', { name: '任务卡片' })

/** Where each picture stands, in columns and rows of the first one's size, and all their sizes. */
async function layout(pictures: Locator) {
  const boxes = await Promise.all((await pictures.all()).map(async (picture) => (await picture.boundingBox())!))
  const [{ x: left, y: top, width, height }] = boxes as [(typeof boxes)[0]]
  const GAP = 4
  return {
    places: boxes.map(({ x, y }) => [Math.round((x - left) / (width + GAP)), Math.round((y - top) / (height + GAP))]),
    ratios: boxes.map((box) => Math.round((box.width / box.height) * 100) / 100),
    width,
    height,
    right: Math.max(...boxes.map((box) => box.x + box.width)),
  }
}

const inRowsOf = (columns: number, count: number) =>
  Array.from({ length: count }, (_, index) => [index % columns, Math.floor(index / columns)])

for (const [width, height] of SIZES) {
  test(`one to nine pictures stand as in WeChat, at ${width} px`, async ({ administrator }) => {
    const { page } = await administrator('林建国', { viewport: { width, height } })
    const form = await newTaskForm(page)
    const push = form.push(1)
    const pictures = postOf(page).getByRole('img', { name: /^图片/ })
    for (let count = 1; count <= 9; count++) {
      await test.step(`${count} pictures`, async () => {
        await push.addPictures(await aPicture(`${count}.jpg`, COLOURS[count - 1]!, SMALL))
        await expect(pictures).toHaveCount(count)
        await expect(push.pictures.getByRole('progressbar')).toHaveCount(0)
        const { places, ratios, right } = await layout(pictures)
        const columns = count === 4 ? 2 : 3
        expect(places).toEqual(inRowsOf(columns, count))
        expect(new Set(ratios)).toEqual(new Set([1]))
        const phone = (await postOf(page).boundingBox())!
        expect(right).toBeLessThanOrEqual(phone.x + phone.width)
      })
    }
    const { x } = (await previewOf(page).boundingBox())!
    const card = (await push.card.boundingBox())!
    expect(x, 'the preview stands beside the form').toBeGreaterThanOrEqual(card.x + card.width)
  })
}

test('a picture alone is large, in its own proportions', async ({ administrator }) => {
  const { page } = await administrator()
  const form = await newTaskForm(page)
  const push = form.push(1)
  const picture = postOf(page).getByRole('img', { name: '图片 1' })
  for (const [wide, high, ratio] of [
    [800, 600, 1.33],
    [600, 800, 0.75],
    [1200, 200, 3],
  ] as const) {
    await push.addPictures(await aPicture(`${wide}.jpg`, '#c60', { width: wide, height: high }))
    await expect(picture).toBeVisible()
    await expect.poll(async () => (await layout(picture)).ratios).toEqual([ratio])
    const box = await layout(picture)
    expect(Math.max(box.width, box.height)).toBe(150)
    await push.pictures.getByRole('button', { name: /^移除图片/ }).click()
  }
})

test('a long text is folded to six lines, opened and closed again', async ({ administrator }) => {
  const { page } = await administrator()
  const form = await newTaskForm(page)
  const { text } = form.push(1)
  await text.fill('短短一句[微笑]')
  await expect(postOf(page)).toContainText('短短一句🙂')
  await expect(postOf(page).getByRole('button')).toHaveCount(0)
  await text.fill(LONG_TEXT)
  const words = postOf(page).getByText('冬日上新')
  const more = postOf(page).getByRole('button', { name: '全文' })
  expect((await words.boundingBox())!.height).toBe(6 * 21)
  await more.click()
  expect((await words.boundingBox())!.height).toBeGreaterThan(6 * 21)
  await postOf(page).getByRole('button', { name: '收起' }).click()
  expect((await words.boundingBox())!.height).toBe(6 * 21)
  await text.fill('一\n'.repeat(6).trim())
  await expect(more).toHaveCount(0)
})

test('long words break, and Hebrew runs from right to left', async ({ administrator }) => {
  const { page } = await administrator()
  const form = await newTaskForm(page)
  const push = form.push(1)
  await push.text.fill(LONG_WORD)
  await push.addLink({ url: 'https://example.com', title: LONG_WORD.slice(0, 60) })
  const post = postOf(page)
  expect(await post.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  await push.text.fill('שלום לכולם')
  await expect(post.getByText('שלום')).toHaveCSS('direction', 'rtl')
})

test('the card in the preview is the card on the phone', async ({ administrator, wecom }) => {
  const { departments, people } = await wecom.corp()
  const store = departments.find(({ name }) => name === STORE)!
  const person = people.find((each) => each.departments.includes(store.id))!
  const { page } = await administrator()
  const form = await newTaskForm(page)
  const push = form.push(1)
  await form.name.fill('年末会员回馈[庆祝]')
  await form.choosePeople({ [STORE]: [person.name] })
  await form.scope('企业微信朋友圈')
  await push.name.fill('回馈海报<第一天>')
  await push.text.fill('一年到头')
  await push.addPictures(await aPicture('a.jpg', '#b8442f', SMALL), await aPicture('b.jpg', '#2f7f78', SMALL))
  await expect(push.pictures.getByRole('progressbar')).toHaveCount(0)
  // What is typed now must still be now when it is sent.
  await expect.poll(() => Date.now() % MINUTE).toBeLessThan(50_000)
  await push.setTime(formatShanghai(Date.now()))
  const card = cardOf(page)
  const shown = {
    title: await card.getByRole('heading').textContent(),
    lines: (await card.getByRole('paragraph').allTextContents()).slice(0, -1),
    button: (await card.getByRole('paragraph').last().textContent())!.replace('›', ''),
  }
  expect(shown.title).toBe('朋友圈任务：年末会员回馈🎉')
  await form.submit()
  await expect(page.getByRole('heading', { name: '年末会员回馈' })).toBeVisible()

  await expect.poll(async () => (await wecom.cardsOf(person.userid, '年末会员回馈')).length).toBe(1)
  const [{ content }] = (await wecom.cardsOf(person.userid, '年末会员回馈')) as [Card]
  const description = String(content['description'])
  // As WeCom draws it: each <div> a line, and what was escaped is text again.
  const lines = await page.evaluate((markup) => {
    const { body } = new DOMParser().parseFromString(markup, 'text/html')
    return Array.from(body.children, (line) => line.textContent)
  }, description)
  expect(shown).toEqual({ title: content['title'], lines, button: content['btntxt'] })
})

test('the phone turns dark, the console does not, and the choice is remembered', async ({ administrator }) => {
  const { page } = await administrator()
  const form = await newTaskForm(page)
  await fill(form)
  const paper = () => postOf(page).evaluate((post) => getComputedStyle(post.closest('.phone')!).backgroundColor)
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const before = await ground()
  expect(await paper()).toBe('rgb(255, 255, 255)')
  await look(page, 'preview-1440-light')
  await previewOf(page).getByRole('button', { name: '深色' }).click()
  expect(await paper()).toBe('rgb(25, 25, 25)')
  expect(await ground()).toBe(before)
  await look(page, 'preview-1440-dark')
  await page.reload()
  await expect(previewOf(page).getByRole('button', { name: '深色' })).toHaveAttribute('aria-pressed', 'true')
  expect(await paper()).toBe('rgb(25, 25, 25)')
  await page.setViewportSize({ width: 1024, height: 768 })
  await look(page, 'preview-1024-dark')
  await previewOf(page).getByRole('button', { name: '浅色' }).click()
  await look(page, 'preview-1024-light')
})

async function fill(form: TaskForm): Promise<void> {
  const push = form.push(1)
  await form.name.fill('华东大区二零二六年度会员日暨冬季新品首发推广任务第一批次')
  await push.name.fill('冬季新品首发预热海报与门店活动说明第一天上午场次推送内容')
  await push.text.fill(LONG_TEXT)
  await push.addPictures(
    ...(await Promise.all(COLOURS.map((colour, index) => aPicture(`${index}.jpg`, colour, SMALL)))),
  )
  await expect(push.pictures.getByRole('progressbar')).toHaveCount(0)
}
