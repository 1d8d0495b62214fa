import type { Page } from '@playwright/test'
import { countCharacters, LIMITS } from '@qimeng/contract'
import { expect, test } from './fixtures.ts'
import { look } from './looks.ts'
import { aSmallPicture } from './pictures.ts'
import { newTaskForm } from './task-form.ts'

/** As long as each may be, one character being an emoji family or a code of WeChat. */
const FULLEST = {
  name: '年末会员回馈与新春礼盒预售同步开启暨门店周年庆典答谢活动[烟花]👨‍👩‍👧‍👦',
  hint: '请在今天下班前发表到微信朋友圈和企业微信朋友圈，发完记得回来上传两张截图，谢谢大家[抱拳]👨‍👩‍👧‍👦一二三四五六七',
  push: '名称也可以写到三十个字那么长的一个推送用来检查排版是否仍整齐',
  text: '一年到头，谢谢你一直在[爱心]👨‍👩‍👧‍👦。\n'.repeat(14).padEnd(400, '好'),
}

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
] as const) {
  const name = (state: string) => `console-${width}-form-${state}`

  test(`the fullest form there can be is calm at ${width} px, hides no field, and is taken as it is`, async ({
    administrator,
  }) => {
    test.setTimeout(240_000)
    const { page, call } = await administrator('林建国', { viewport: { width, height } })
    const form = await newTaskForm(page)
    await look(page, name('fresh'))

    const text = firstCharacters(FULLEST.text, LIMITS.pushText)
    await form.name.fill(FULLEST.name)
    await form.choosePeople({ 上海南京西路店: ['张三'] })
    await form.scope('全部（企业微信和微信朋友圈）')
    await form.hint.fill(FULLEST.hint)
    const first = form.push(1)
    await first.name.fill(FULLEST.push)
    await first.text.fill(text)
    await first.setTime('2027-03-14 09:30')
    const colours = Array.from({ length: LIMITS.images }, (_, index) => `#${index}84`)
    await first.addPictures(...(await Promise.all(colours.map((colour, at) => aSmallPicture(`${at}.jpg`, colour)))))
    await first.uploaded()
    for (let number = 1; number < LIMITS.pushes; number++) {
      await form.push(number).card.getByRole('button', { name: '复制', exact: true }).click()
    }
    await expect(form.push(5).pictures.getByRole('button', { name: /^移除图片/ })).toHaveCount(LIMITS.images)
    for (const counter of ['30/30', '50/50', '200/200', '9/9']) {
      await expect(page.getByText(counter, { exact: true }).first()).toBeVisible()
    }
    await look(page, name('full-end'))
    await page.evaluate(() => scrollTo(0, 0))
    await look(page, name('full'))

    await form.name.focus()
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press('Tab')
      expect.soft(await isUnderTheButtons(page), `Tab ${step}`).toBe(false)
    }

    await form.submit()
    const taskId = await form.saved()
    const task = await call('GET /api/console/tasks/:taskId/form', { params: { taskId } })
    expect(task).toMatchObject({ name: FULLEST.name, hint: FULLEST.hint, sendScope: 'all' })
    expect(task.pushes.map((push) => [push.name, push.text, push.images.length])).toEqual(
      Array.from({ length: LIMITS.pushes }, () => [FULLEST.push, text.trim(), LIMITS.images]),
    )
  })

  test(`what is wrong stands calmly under its field at ${width} px`, async ({ administrator, expecting }) => {
    expecting(/415.*\/api\/console\/images/)
    expecting(/ERR_CONNECTION_RESET.*\/api\/console\/images/)
    const { page } = await administrator('林建国', { viewport: { width, height } })
    const form = await newTaskForm(page)
    await form.name.fill('名称太长的任务'.repeat(29))
    await form.hint.fill('提示也太长了'.repeat(34))
    const first = form.push(1)
    await first.name.fill('verylongwordwithoutanyspace'.repeat(8))
    await first.text.fill('字'.repeat(LIMITS.pushText + 1))
    await first.minute.fill('明天早上')
    await first.minute.press('Tab')
    await page.route('**/api/console/images?*', (route) => route.abort('connectionreset'), { times: 1 })
    await first.addPictures(await aSmallPicture('网络断了.jpg'))
    await expect(first.pictures.getByRole('button', { name: /^重试上传/ })).toBeVisible()
    await first.addPictures(await aSmallPicture('好的.jpg', '#2a7'))
    await first.addPictures({ name: '假图.png', mimeType: 'image/png', buffer: Buffer.from('<html>') })
    await first.uploaded()
    // An answer that does not come.
    await page.route('**/api/console/images?*', () => undefined, { times: 2 })
    await first.addPictures(await aSmallPicture('在路上.jpg'), await aSmallPicture('也在路上.jpg'))
    await first.addPictures(await aSmallPicture('排着队.jpg'))
    await form.addPush()
    await form.push(2).addLink({ url: 'example.com', title: '' })
    await form.submit()
    await expect(page.getByText(/有 \d+ 处需要修改/)).toBeVisible()
    await expect(form.name).toBeFocused()
    await expect(form.name).toBeInViewport({ ratio: 1 })
    await look(page, name('wrong'))
    await first.pictures.scrollIntoViewIfNeeded()
    await look(page, name('wrong-pictures'))
    await form.push(2).link.scrollIntoViewIfNeeded()
    await look(page, name('wrong-link'))
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })
}

/** The longest beginning of a text with so many characters. */
function firstCharacters(text: string, most: number): string {
  let end = text.length
  while (countCharacters(text.slice(0, end)) > most) end -= 1
  return text.slice(0, end)
}

/** What has the focus is behind the bar with 「确定」. */
const isUnderTheButtons = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement!
    const bar = document.querySelector('form footer')!
    if (bar.contains(focused) || !bar.parentElement!.contains(focused)) return false
    const { top, height } = focused.getBoundingClientRect()
    return top + Math.min(height, 24) > bar.getBoundingClientRect().top
  })
