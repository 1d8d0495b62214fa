import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { aHeicPhoto, aNoisyPicture, aPicture, aSmallPicture } from './pictures.ts'
import { fillIn, newTaskForm } from './task-form.ts'

const UPLOADS = '**/api/console/images?*'

test.describe('pictures of a push', () => {
  test('are dropped, pasted and chosen, and put in order by keyboard, which says where they are', async ({
    administrator,
  }) => {
    const { page } = await administrator()
    const push = (await newTaskForm(page)).push(1)
    const said = (text: string) => expect(push.pictures.getByRole('status')).toHaveText(text)
    await push.dropPictures(await aSmallPicture('甲.jpg', '#a33'))
    await push.pastePictures(await aSmallPicture('乙.jpg', '#3a3'))
    await push.addPictures(await aSmallPicture('丙.jpg', '#33a'))
    await expect(push.pictures.getByLabel(/^第 \d 张：/)).toHaveCount(3)
    await push.uploaded()
    await said('上传结束，共 3 张图片可用')

    await push.picture(2, '乙.jpg').press('ArrowLeft')
    await expect(push.picture(1, '乙.jpg')).toBeFocused()
    await said('「乙.jpg」移到了第 1 张，共 3 张')
    await page.keyboard.press('ArrowLeft')
    await said('已经是第一张')
    await page.keyboard.press('End')
    await expect(push.picture(3, '乙.jpg')).toBeFocused()
    await said('「乙.jpg」移到了第 3 张，共 3 张')

    await page.keyboard.press('Delete')
    await said('「乙.jpg」已移除，还有 2 张')
    await expect(push.pictures.getByRole('button', { name: '添加图片' })).toBeFocused()
    await push.picture(1, '甲.jpg').press('Delete')
    await expect(push.picture(1, '丙.jpg')).toBeFocused()
  })

  test('are dragged to another place; beside the list they go back', async ({ administrator }) => {
    const { page } = await administrator()
    const { addPictures, picture, uploaded, pictures, name } = (await newTaskForm(page)).push(1)
    await addPictures(await aSmallPicture('甲.jpg', '#a33'), await aSmallPicture('乙.jpg', '#3a3'))
    await addPictures(await aSmallPicture('丙.jpg', '#33a'))
    await uploaded()
    await picture(3, '丙.jpg').hover()
    await page.mouse.down()
    await picture(1, '甲.jpg').hover()
    // The others make room while it is still held.
    await picture(2, '甲.jpg').waitFor()
    await picture(1, '丙.jpg').hover()
    await page.mouse.up()
    await expect(pictures.getByRole('status')).toHaveText('「丙.jpg」移到了第 1 张，共 3 张')

    await picture(1, '丙.jpg').hover()
    await page.mouse.down()
    await picture(3, '乙.jpg').hover()
    await picture(3, '丙.jpg').waitFor()
    await name.hover()
    await page.mouse.up()
    await expect(picture(1, '丙.jpg')).toBeVisible()
  })

  test('are moved a place at a time by a pointer that cannot drag', async ({ administrator }) => {
    const { page } = await administrator()
    const { addPictures, picture, pictures } = (await newTaskForm(page)).push(1)
    await addPictures(await aSmallPicture('甲.jpg', '#a33'), await aSmallPicture('乙.jpg', '#3a3'))
    await picture(2, '乙.jpg').hover()
    await pictures.getByRole('button', { name: '前移图片 乙.jpg' }).click()
    await expect(picture(1, '乙.jpg')).toBeFocused()
  })

  test('that cannot be used are refused by name, each with its reason', async ({ administrator, expecting }) => {
    expecting(/4(13|15|22).*\/api\/console\/images/)
    const { page } = await administrator()
    const { pictures, addPictures, uploaded } = (await newTaskForm(page)).push(1)
    const svg = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    const whole = await aPicture('半张.jpg', '#933')
    await addPictures(
      await aHeicPhoto('照片.HEIC'),
      { name: '图标.svg', mimeType: 'image/svg+xml', buffer: svg },
      { name: '空.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
      await aNoisyPicture('太大.png', 1_900),
      { ...(await aHeicPhoto('改名.jpg')), mimeType: 'image/jpeg' },
      { name: '改名.png', mimeType: 'image/png', buffer: svg },
      { ...whole, buffer: whole.buffer.subarray(0, whole.buffer.length / 2) },
      await aPicture('太宽.jpg', '#339', { width: 8_000, height: 5_100 }),
    )
    await uploaded()
    const reasons = [
      '「照片.HEIC」是 HEIC 照片，暂不支持，请先转换成 JPG，没有添加',
      '「图标.svg」是 SVG 图片，暂不支持，请换成 JPG 或 PNG，没有添加',
      '「空.jpg」是空文件，没有添加',
      '「太大.png」超过 10 MB，没有添加',
      '「改名.jpg」暂不支持 HEIC 照片，请在手机上转换成 JPG 后再上传',
      '「改名.png」暂不支持 SVG 图片，请换成 JPG 或 PNG',
      '「半张.jpg」图片已损坏或不完整，请重新选择',
      '「太宽.jpg」图片不能超过 4000 万像素，请缩小后再上传',
    ]
    for (const reason of reasons) await expect(pictures).toContainText(reason)
    await expect(pictures.getByRole('button', { name: /^移除图片/ }), 'those the server saw').toHaveCount(4)
  })

  test('whose upload failed are tried again', async ({ administrator, expecting }) => {
    expecting(/ERR_CONNECTION_RESET.*\/api\/console\/images/)
    const { page } = await administrator()
    const { pictures, addPictures, picture, uploaded } = (await newTaskForm(page)).push(1)
    await page.route(UPLOADS, (route) => route.abort('connectionreset'), { times: 1 })
    await addPictures(await aSmallPicture('路上丢了.jpg'))
    await expect(pictures).toContainText('「路上丢了.jpg」网络不可用，请检查网络后重试')
    await pictures.getByRole('button', { name: '重试上传路上丢了.jpg' }).click()
    await expect(picture(1, '路上丢了.jpg')).toBeFocused()
    await uploaded()
    await expect(pictures).not.toContainText('网络不可用')
    await expect(picture(1, '路上丢了.jpg').locator('img')).toHaveJSProperty('naturalWidth', 60)
  })

  test('show how far they have come; one is cancelled, the form waits for the other', async ({
    administrator,
    expecting,
  }) => {
    expecting(/ERR_ABORTED.*\/api\/console\/images/)
    const { page, call } = await administrator()
    const form = await newTaskForm(page)
    await fillIn(form, '图片还在路上')
    const { pictures, addPictures, picture } = form.push(1)
    const network = await slowly(page)
    await addPictures(await aNoisyPicture('大图.png', 500), await aNoisyPicture('不要了.png', 500))
    await expect(pictures.getByRole('progressbar').first()).toHaveText(/^[1-9]\d?%$/)
    await pictures.getByRole('button', { name: '取消上传 不要了.png' }).click()
    await expect(pictures.getByRole('status')).toHaveText('「不要了.png」已取消上传，还有 1 张')

    await form.submit()
    await expect(page.getByText('图片上传中，请稍候…')).toBeVisible()
    await expect(picture(1, '大图.png')).toBeVisible()
    await network.asEver()
    const taskId = await form.saved()
    const { pushes } = await call('GET /api/console/tasks/:taskId', { params: { taskId } })
    expect(pushes[0]!.images).toMatchObject([{ width: 500, height: 500 }])
  })
})

test('a draft names the pictures that did not arrive and those that are gone', async ({ administrator, expecting }) => {
  expecting(/ERR_ABORTED.*\/api\/console\/images/)
  expecting(/404.*\/api\/console\/images\//)
  const { page } = await administrator()
  page.on('dialog', (dialog) => void dialog.accept())
  const form = await newTaskForm(page)
  const { pictures, addPictures, picture, uploaded } = form.push(1)
  await addPictures(await aSmallPicture('留下的.jpg', '#393'), await aSmallPicture('过期的.jpg', '#933'))
  await uploaded()
  // The network takes it, and no answer comes.
  await page.route(UPLOADS, () => undefined)
  await addPictures(await aSmallPicture('没传完.jpg'))
  await expect(pictures.getByRole('progressbar')).toBeVisible()

  await form.push(1).card.getByRole('button', { name: '复制', exact: true }).click()
  await expect(page.getByText('有 1 张图片还没有上传好，没有一起复制')).toBeVisible()
  await expect(form.push(2).pictures.getByLabel(/^第 \d 张：/)).toHaveCount(2)

  // What the server answers about a picture that it has swept up.
  const gone = { code: 'not_found', message: '图片不存在', requestId: '' }
  const expired = await idOf(page, '过期的.jpg')
  await page.route(`**/api/console/images/${expired}`, (route) => route.fulfill({ status: 404, json: gone }))
  await page.reload()
  await expect(page.getByText('已恢复上次没有提交的内容')).toBeVisible()
  await expect(pictures).toContainText('「过期的.jpg」已过期，请移除后重新上传')
  await expect(pictures).toContainText('「没传完.jpg」没有上传完，请移除后重新添加')
  await form.submit()
  await expect(pictures).toHaveAccessibleDescription('请移除不能使用的图片')
  await picture(3, '没传完.jpg').press('Delete')
  await picture(2, '过期的.jpg').press('Delete')
  await expect(pictures).not.toHaveAccessibleDescription('请移除不能使用的图片')
  await expect(picture(1, '留下的.jpg').locator('img')).toHaveJSProperty('naturalWidth', 60)
})

test('links to pictures are renewed when one comes back to a form that stayed open', async ({ administrator }) => {
  const { page } = await administrator()
  const { addPictures, uploaded } = (await newTaskForm(page)).push(1)
  await addPictures(await aSmallPicture('一夜之后.jpg'))
  await uploaded()
  const renewed = page.waitForResponse(
    (response) => response.request().method() === 'GET' && /\/api\/console\/images\/\w+$/.test(response.url()),
  )
  await page.evaluate((night) => {
    const now = Date.now
    Date.now = () => now() + night
    document.dispatchEvent(new Event('visibilitychange'))
  }, 13 * 3_600_000)
  expect((await renewed).status()).toBe(200)
})

/** From now on the way up is as slow as a phone in a lift, until it is `asEver`. */
async function slowly(page: Page) {
  const devtools = await page.context().newCDPSession(page)
  const limit = (uploadThroughput: number) =>
    devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    })
  await devtools.send('Network.enable')
  await limit(60_000)
  return { asEver: () => limit(-1) }
}

/** The id under which the server has the picture of that name, as the draft in this browser says. */
const idOf = async (page: Page, name: string): Promise<string> => {
  const find = () =>
    page.evaluate((name) => {
      const drafts = Object.entries(localStorage).filter(([key]) => key.includes(':draft:'))
      const pictures = drafts.flatMap(([, text]) => JSON.parse(text).draft.pushes[0].pictures)
      return pictures.find((picture: { name: string; image: object | null }) => picture.name === name)?.image?.id ?? ''
    }, name)
  await expect.poll(find).not.toBe('')
  return find()
}
