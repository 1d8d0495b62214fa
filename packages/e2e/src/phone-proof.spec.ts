import type { Route } from '@playwright/test'
import sharp from 'sharp'
import { expect, test } from './fixtures.ts'
import type { Phone } from './phone.ts'
import { issue } from './phone-tasks.ts'
import { aScreenshot, type TestFile } from './pictures.ts'

const UPLOADS = '**/api/me/images'
const SUBMISSIONS = '**/api/me/pushes/*/proofs'

/** What the phone has just sent of a picture: the JPEG in the multipart body. */
function pictureIn(route: Route): Buffer {
  const body = route.request().postDataBuffer()!
  return body.subarray(body.indexOf('\r\n\r\n') + 4)
}

const choose = ({ inApp }: Phone, ...files: TestFile[]) => inApp.getByLabel('上传发送凭证').setInputFiles(files)
const uploaded = ({ inApp }: Phone) => inApp.getByText('已上传', { exact: true })
/** How many pictures of the only draft this phone keeps. */
const keptInDraft = async (phone: Phone) =>
  (await phone.app()).evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('qimeng-proofs')
        opening.onsuccess = () => {
          const drafts = opening.result.transaction('drafts').objectStore('drafts').getAll()
          drafts.onsuccess = () => {
            opening.result.close()
            resolve((drafts.result as { photos: unknown[] }[])[0]?.photos.length ?? 0)
          }
        }
      }),
  )
const confirmed = async ({ inApp }: Phone) => {
  await inApp.getByRole('button', { name: '确认' }).click()
  await expect(inApp.getByRole('heading', { name: '提交成功' })).toBeVisible()
}

test('a photo is shrunk on the phone, turned upright, and leaves place and time behind', async ({
  call,
  phoneOf,
  wecom,
}) => {
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  const sent: Buffer[] = []
  await phone.page.route(UPLOADS, (route) => {
    sent.push(pictureIn(route))
    return route.continue()
  })
  await phone.openLink(`${path}/proof`)
  // Lying on its side, as cameras write it, with a name that says nothing of what it is.
  const photo = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#48a' } })
    .withExif({ IFD0: { Model: 'Secret Camera' }, IFD3: { GPSLatitudeRef: 'N' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  await choose(phone, { name: 'IMG_0001', mimeType: '', buffer: photo })
  await expect(uploaded(phone)).toHaveCount(1)
  const { width, height, exif, orientation } = await sharp(sent[0]).metadata()
  expect({ width, height, exif, orientation }).toEqual({ width: 1333, height: 2000 })
  expect(sent[0]!.includes('Secret Camera')).toBe(false)
  await confirmed(phone)
})

test('on Android the camera is a way of its own, beside the album', async ({ call, phoneOf, wecom }) => {
  const { path } = await issue(call, wecom, {}, { executors: ['wangwu'] })
  await wecom.setClient('wangwu', { client: 'android' })
  const phone = await phoneOf('wangwu')
  await phone.openLink(`${path}/proof`)
  const camera = phone.inApp.getByLabel('拍照')
  await expect(camera).toHaveAttribute('capture', 'environment')
  await camera.setInputFiles(await aScreenshot('1.jpg', '#1b7'))
  await choose(phone, await aScreenshot('2.jpg', '#b17'))
  await expect(uploaded(phone)).toHaveCount(2)
  await confirmed(phone)
})

test('what this phone cannot read, what is there already and what is too much is said', async ({
  call,
  phoneOf,
  wecom,
}) => {
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  const { inApp } = phone
  await phone.openLink(`${path}/proof`)
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(5000)])
  await choose(phone, { name: '照片.jpg', mimeType: 'image/jpeg', buffer: heic })
  await expect(inApp.getByText('这张图片无法读取（可能是 HEIC 格式），请换成截图或 JPG 图片')).toBeVisible()
  await expect(inApp.getByText('1 张没有上传成功，请重试或移除')).toBeVisible()
  await expect(inApp.getByRole('button', { name: '重试凭证 1' })).toHaveCount(0)
  await inApp.getByRole('button', { name: '移除凭证 1' }).click()

  const first = await aScreenshot('1.jpg', '#111')
  await choose(phone, first)
  await expect(uploaded(phone)).toHaveCount(1)
  await choose(phone, { ...first, name: '同一张.jpg' })
  await expect(inApp.getByText('已经选过这张图片了，没有重复添加').first()).toBeVisible()
  const more = await Promise.all(Array.from({ length: 9 }, (_, index) => aScreenshot('n.jpg', `#${index}84`)))
  await choose(phone, ...more)
  await expect(inApp.getByText('最多上传 9 张，多出的 1 张没有添加').first()).toBeVisible()
  await expect(uploaded(phone)).toHaveCount(9)
  await expect(inApp.getByLabel('上传发送凭证')).toHaveCount(0)
})

test('chosen pictures survive a reload, and a proof can be replaced', async ({ call, phoneOf, wecom }) => {
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  await phone.openLink(`${path}/proof`)
  await choose(phone, await aScreenshot('1.jpg', '#a11'), await aScreenshot('2.jpg', '#1a1'))
  await expect(uploaded(phone)).toHaveCount(2)
  await (await phone.app()).evaluate(() => location.reload())
  await expect(uploaded(phone)).toHaveCount(2)
  await confirmed(phone)

  await phone.inApp.getByRole('link', { name: '查看任务' }).click()
  await phone.inApp.getByRole('link', { name: '替换凭证' }).click()
  await expect(uploaded(phone)).toHaveCount(0)
  await choose(phone, await aScreenshot('3.jpg', '#11a'))
  await expect(uploaded(phone)).toHaveCount(1)
  await confirmed(phone)
  await phone.inApp.getByRole('link', { name: '查看任务' }).click()
  await expect(phone.inApp.getByRole('button', { name: /^查看凭证/ })).toHaveCount(1)
})

test('one that failed is retried by hand, or by itself when the network is back', async ({
  call,
  phoneOf,
  wecom,
  expecting,
}) => {
  expecting(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET/)
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  const { inApp } = phone
  await phone.openLink(`${path}/proof`)
  await expect(inApp.getByLabel('上传发送凭证')).toHaveCount(1)
  await phone.page.route(UPLOADS, (route) => route.abort('connectionreset'), { times: 1 })
  await choose(phone, await aScreenshot('1.jpg', '#a1a'))
  await inApp.getByRole('button', { name: '重试凭证 1' }).click()
  await expect(uploaded(phone)).toHaveCount(1)

  await phone.page.context().setOffline(true)
  await choose(phone, await aScreenshot('2.jpg', '#aa1'))
  await expect(inApp.getByRole('button', { name: '重试凭证 2' })).toBeVisible()
  await phone.page.context().setOffline(false)
  await expect(uploaded(phone)).toHaveCount(2)
})

test('what was cut off in the background goes on when one is back, and after a reload', async ({
  call,
  phoneOf,
  wecom,
  expecting,
}) => {
  expecting(/ERR_CONNECTION_RESET/)
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  const { inApp, page } = phone
  const underWay: Route[] = []
  await page.route(UPLOADS, (route) => void underWay.push(route), { times: 2 })
  await phone.openLink(`${path}/proof`)
  await choose(phone, await aScreenshot('1.jpg', '#1a6'), await aScreenshot('2.jpg', '#61a'))
  await expect.poll(() => underWay.length).toBe(2)
  // A frozen page is told first that it is back, and then of what has failed meanwhile. (Headless Chromium cannot be frozen.)
  await (await phone.app()).evaluate(() => document.dispatchEvent(new Event('resume')))
  for (const route of underWay) await route.abort('connectionreset')
  await expect(uploaded(phone)).toHaveCount(2)

  // Never answered: the page is loaded anew in the middle of it.
  await page.route(UPLOADS, () => undefined, { times: 1 })
  await choose(phone, await aScreenshot('3.jpg', '#a61'))
  await expect(inApp.getByRole('progressbar')).toHaveCount(1)
  await expect.poll(() => keptInDraft(phone)).toBe(3)
  await (await phone.app()).evaluate(() => location.reload())
  await expect(uploaded(phone)).toHaveCount(3)
  await confirmed(phone)
})

test('one that is slow shows its progress and can be taken out', async ({ call, phoneOf, wecom }) => {
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  await phone.openLink(`${path}/proof`)
  await expect(phone.inApp.getByLabel('上传发送凭证')).toHaveCount(1)
  // Never answered.
  await phone.page.route(UPLOADS, () => undefined, { times: 1 })
  await choose(phone, await aScreenshot('1.jpg', '#1aa'))
  await expect(phone.inApp.getByRole('progressbar', { name: '凭证 1 上传进度' })).toBeVisible()
  await expect(phone.inApp.getByRole('button', { name: '确认' })).toBeDisabled()
  await phone.inApp.getByRole('button', { name: '移除凭证 1' }).click()
  await expect(phone.inApp.getByText('请先添加截图')).toBeVisible()
})

test('an answer that is lost on the way back makes one proof and not two', async ({
  call,
  phoneOf,
  wecom,
  expecting,
}) => {
  expecting(/ERR_CONNECTION_RESET/)
  const { path, pushId } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  const { inApp } = phone
  await phone.openLink(`${path}/proof`)
  await choose(phone, await aScreenshot('1.jpg', '#a71'))
  await expect(uploaded(phone)).toHaveCount(1)
  await phone.page.route(
    SUBMISSIONS,
    async (route) => {
      // Names under localhost are the browser's own; Node knows the address alone.
      const { host, port } = new URL(route.request().url())
      const url = route.request().url().replace(host, `127.0.0.1:${port}`)
      expect((await route.fetch({ url, headers: { ...route.request().headers(), host } })).status()).toBe(200)
      await route.abort('connectionreset')
    },
    { times: 1 },
  )
  await inApp.getByRole('button', { name: '确认' }).click()
  await expect(inApp.getByText('网络不可用')).toBeVisible()
  await inApp.getByRole('button', { name: '重试', exact: true }).click()
  await expect(inApp.getByRole('heading', { name: '提交成功' })).toBeVisible()
  const { versions } = await call('GET /api/console/pushes/:pushId/proofs/:userid', {
    params: { pushId, userid: 'zhangsan' },
  })
  expect(versions).toHaveLength(1)
})

test('a phone that is full says so once and goes on', async ({ call, phoneOf, wecom }) => {
  const { path } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  await phone.page.context().addInitScript(() => {
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    IDBObjectStore.prototype.put = full
    // What a session keeps is in memory.
    Object.defineProperty(localStorage, 'setItem', { value: full })
  })
  await phone.openLink(`${path}/proof`)
  await choose(phone, await aScreenshot('1.jpg', '#17a'))
  await expect(phone.inApp.getByText('手机存储空间不足，关闭页面后需要重新选择截图').first()).toBeVisible()
  await expect(uploaded(phone)).toHaveCount(1)
  await confirmed(phone)
})

test('who came by a card closes the window when done', async ({ call, phoneOf, wecom }) => {
  const { name } = await issue(call, wecom)
  const phone = await phoneOf('zhangsan')
  await phone.openCard(name)
  await phone.inApp.getByRole('link', { name: '上传发送凭证' }).click()
  await phone.uploadProof(await aScreenshot('1.jpg', '#771'))
  await phone.inApp.getByRole('button', { name: '完成，关闭页面' }).click()
  await expect(phone.page.getByRole('article').filter({ hasText: name })).toBeVisible()
})
