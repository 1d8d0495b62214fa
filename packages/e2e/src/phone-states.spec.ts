import type { Route } from '@playwright/test'
import type { SendScope } from '@qimeng/contract'
import { type Administrator, expect, test } from './fixtures.ts'
import { look, tooSmallToTouch } from './looks.ts'
import type { Phone } from './phone.ts'
import { issue, uploadPictures } from './phone-tasks.ts'
import { aScreenshot } from './pictures.ts'
import { aLink } from './tasks.ts'
import type { Wecom } from './wecom.ts'

// Every state an employee can meet, light and dark, and on Android what differs there. The pictures are in test-results/looks.
const DEVICES = [
  { client: 'ios', viewport: { width: 390, height: 844 } },
  { client: 'android', viewport: { width: 360, height: 800 } },
] as const

const PUSH = '**/api/me/pushes/*'
const LIST = '**/api/me/executions?*'
const never = () => undefined
const broken = (route: Route) =>
  route.fulfill({ status: 500, json: { code: 'internal', message: '服务器出错了', requestId: '01m84f7k2q' } })

type Look = (state: string, options?: { loading?: boolean }) => Promise<void>

// Somebody has nothing to do here, whatever other tests send.
test.use({ company: 'phone states' })
test.describe.configure({ mode: 'parallel' })

for (const { client, viewport } of DEVICES) {
  test.describe(client, () => {
    test.beforeEach(({ wecom }) => wecom.setClient('zhangsan', { client, bridge: 'normal', externalMoments: true }))
    test.afterEach(({ wecom }) => wecom.setClient('zhangsan', { client: 'ios', externalMoments: true }))

    /** Looks at what the phone shows, by day and by night. */
    const lookerAt =
      (phone: Phone): Look =>
      async (state, options) => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await phone.page.emulateMedia({ colorScheme })
          const picture = `phone-${client}-${state}-${colorScheme}`
          await look(phone.page, picture, await phone.app(), { ...options, byNight: colorScheme === 'dark' })
        }
        expect.soft(await tooSmallToTouch(await phone.app()), `${state}: 44 px for a thumb`).toEqual([])
      }

    test('publishing', async ({ call, phoneOf, wecom }) => {
      test.setTimeout(240_000)
      const { text, link, nine } = await everyKind(call, wecom)
      const withPictures = async (sendScope: SendScope) =>
        issue(call, wecom, { images: await uploadPictures(call, 3) }, { sendScope })
      const [wecomOnly, both] = [await withPictures('wecom'), await withPictures('all')]
      const phone = await phoneOf('zhangsan', { viewport })
      const { inApp, page } = phone
      const lookAt = lookerAt(phone)
      const open = async ({ path }: { path: string }) => {
        await phone.openLink(path)
        await inApp.getByRole('button', { name: '一键复制文案，前往发表' }).click()
        await expect(inApp.getByRole('dialog', { name: '发表步骤' })).toBeVisible()
      }
      const confirm = () => inApp.getByRole('button', { name: '确认' }).click()
      const composer = page.getByRole('dialog', { name: '发表到企业微信朋友圈' })

      for (const [name, task] of Object.entries({ text, link, pictures: nine, wecom: wecomOnly, both })) {
        await open(task)
        await lookAt(`publish-${name}`)
      }
      await confirm()
      await composer.getByRole('button', { name: '取消' }).click()
      await lookAt('publish-cancelled')
      await inApp.getByRole('button', { name: '再打开发表页' }).click()
      await composer.getByRole('button', { name: '发表', exact: true }).click()
      await expect(inApp.getByText('企业微信部分发表好了吗')).toBeVisible()
      await lookAt('publish-asked')
      await inApp.getByRole('checkbox', { name: '已发表到企业微信朋友圈' }).check()
      await lookAt('publish-half')
      await inApp.getByRole('checkbox', { name: '已发表到微信朋友圈' }).check()
      await lookAt('publish-all-done')
      await open(text)
      await confirm()
      await expect(inApp.getByText('文案已复制').first()).toBeVisible()
      await lookAt('publish-copied')
      await wecom.setClient('zhangsan', { externalMoments: false })
      await open(wecomOnly)
      await confirm()
      await expect(inApp.getByText('原因：')).toBeVisible()
      await lookAt('publish-refused')
      await wecom.setClient('zhangsan', { bridge: 'none' })
      await open(text)
      await (
        await phone.app()
      ).evaluate(() => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined })
        document.execCommand = () => false
      })
      await confirm()
      await expect(inApp.getByLabel('没能自动复制')).toBeVisible()
      await lookAt('publish-by-hand')
      await phone.openLink(nine.path)
      await inApp.getByRole('button', { name: '保存全部' }).click()
      await expect(inApp.getByRole('button', { name: '打开第 1 张' })).toBeVisible()
      await lookAt('save-all')
      await inApp.getByRole('button', { name: '打开第 1 张' }).click()
      await expect(inApp.getByRole('dialog', { name: '图片查看器' })).toBeVisible()
      await lookAt('viewer')
    })

    // Everything else is the same page on both.
    if (client === 'android') return

    test('home and lists', async ({ call, phoneOf, wecom, expecting }) => {
      test.setTimeout(240_000)
      expecting(/ERR_INTERNET_DISCONNECTED|500/)
      const newcomer = await phoneOf('lisi', { viewport })
      const lookNew = lookerAt(newcomer)
      await newcomer.openWorkbench()
      await expect(newcomer.inApp.getByRole('heading', { name: '都完成了' })).toBeVisible()
      await lookNew('home-nothing')
      await newcomer.openLink('/m/tasks')
      await expect(newcomer.inApp.getByText('没有待执行的任务')).toBeVisible()
      await lookNew('list-nothing')

      const phone = await phoneOf('zhangsan', { viewport })
      const lookAt = lookerAt(phone)
      await everyKind(call, wecom)
      await phone.page.route(LIST, never)
      await phone.openWorkbench()
      await expect(phone.inApp.getByRole('heading', { name: '最紧急' })).toBeVisible()
      await lookAt('home-loading', { loading: true })
      await phone.openLink('/m/tasks')
      await expect(phone.inApp.getByRole('tab', { name: '待执行' })).toBeVisible()
      await lookAt('list-loading', { loading: true })
      await phone.page.unroute(LIST)
      await phone.openWorkbench()
      await expect(phone.inApp.getByRole('article').first()).toBeVisible()
      await lookAt('home')
      await phone.openLink('/m/tasks')
      await expect(phone.inApp.getByRole('article').first()).toBeVisible()
      await lookAt('list')
      await phone.page.route(LIST, (route) => route.abort('internetdisconnected'))
      await phone.inApp.getByRole('tab', { name: '已执行' }).click()
      await expect(phone.inApp.getByRole('heading', { name: '网络不可用' })).toBeVisible()
      await lookAt('list-offline')
      await phone.page.unroute(LIST)
      await phone.page.route(LIST, broken)
      await phone.inApp.getByRole('button', { name: '重试' }).click()
      await expect(phone.inApp.getByText('编号 01m84f7k2q')).toBeVisible()
      await lookAt('list-broken')
    })

    test('a task', async ({ call, phoneOf, wecom, expecting }) => {
      test.setTimeout(240_000)
      expecting(/ERR_INTERNET_DISCONNECTED|500|403|404|410/)
      const { text, link, nine, four, one } = await everyKind(call, wecom)
      const others = await issue(call, wecom, {}, { executors: ['wangwu'] })
      const gone = await issue(call, wecom)
      await call('DELETE /api/console/tasks/:taskId', { params: { taskId: gone.taskId } })
      const phone = await phoneOf('zhangsan', { viewport })
      const { inApp, page } = phone
      const lookAt = lookerAt(phone)
      const publish = inApp.getByRole('button', { name: '一键复制文案，前往发表' })

      await page.route(PUSH, never)
      await phone.openLink(text.path)
      await expect(inApp.getByRole('status', { name: '正在加载' })).toBeVisible()
      await lookAt('task-loading', { loading: true })
      await page.unroute(PUSH)
      for (const [name, { path }] of Object.entries({ text, link, one, four, nine })) {
        await phone.openLink(path)
        await expect(publish).toBeVisible()
        await lookAt(`task-${name}`)
      }
      for (const [name, { path }, title] of [
        ['not-executor', others, '你不是这个任务的执行员工'],
        ['deleted', gone, '任务已删除'],
        ['unknown', { path: '/m/pushes/nowhere' }, '没有找到这个任务'],
      ] as const) {
        await phone.openLink(path)
        await expect(inApp.getByRole('heading', { name: title })).toBeVisible()
        await lookAt(`task-${name}`)
      }
      await page.route(PUSH, (route) => route.abort('internetdisconnected'))
      await phone.openLink(text.path)
      await expect(inApp.getByRole('heading', { name: '网络不可用' })).toBeVisible()
      await lookAt('task-offline')
      await page.unroute(PUSH)
      await page.route(PUSH, broken)
      await inApp.getByRole('button', { name: '重试' }).click()
      await expect(inApp.getByText('编号 01m84f7k2q')).toBeVisible()
      await lookAt('task-broken')
      await page.unroute(PUSH)
      for (const reason of ['not_employee', 'stuck']) {
        await phone.openLink(`/m/refused?reason=${reason}`)
        await expect(inApp.getByRole('button', { name: '重新登录' })).toBeVisible()
        await lookAt(`refused-${reason}`)
      }
    })

    test('a proof', async ({ call, phoneOf, wecom, expecting }) => {
      test.setTimeout(240_000)
      expecting(/ERR_CONNECTION_RESET/)
      const { path } = await issue(call, wecom)
      const phone = await phoneOf('zhangsan', { viewport })
      const { inApp, page } = phone
      const lookAt = lookerAt(phone)
      const add = (...colours: string[]) =>
        Promise.all(colours.map((colour, index) => aScreenshot(`${index}.jpg`, colour))).then((files) =>
          inApp.getByLabel('上传发送凭证').setInputFiles(files),
        )
      await phone.openLink(`${path}/proof`)
      await expect(inApp.getByLabel('上传发送凭证')).toHaveCount(1)
      await lookAt('proof-empty')
      await page.route('**/api/me/images', never)
      await add('#5a7', '#57a', '#a75')
      await expect(inApp.getByRole('progressbar')).toHaveCount(2)
      await lookAt('proof-uploading')
      await page.unroute('**/api/me/images')
      for (let left = 3; left > 0; left--) await inApp.getByRole('button', { name: '移除凭证 1' }).click()
      await page.route('**/api/me/images', (route) => route.abort('connectionreset'), { times: 1 })
      const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(5000)])
      await inApp.getByLabel('上传发送凭证').setInputFiles([{ name: '1.heic', mimeType: 'image/heic', buffer: heic }])
      await add('#5a6', '#56a')
      await expect(inApp.getByText('已上传', { exact: true })).toHaveCount(1)
      await expect(inApp.getByRole('button', { name: '重试凭证 2' })).toBeVisible()
      await lookAt('proof-failed')
      await inApp.getByRole('button', { name: '移除凭证 1' }).click()
      await inApp.getByRole('button', { name: '重试凭证 1' }).click()
      await add('#111', '#222', '#333', '#444', '#555', '#666', '#777')
      await expect(inApp.getByText('已上传', { exact: true })).toHaveCount(9)
      await lookAt('proof-nine')
      await inApp.getByRole('button', { name: '确认' }).click()
      await expect(inApp.getByRole('heading', { name: '提交成功' })).toBeVisible()
      await lookAt('proof-sent')
      await inApp.getByRole('link', { name: '查看任务' }).click()
      await expect(inApp.getByRole('heading', { name: '已上传的凭证' })).toBeVisible()
      await lookAt('task-done')
      await inApp.getByRole('link', { name: '替换凭证' }).click()
      await expect(inApp.getByRole('heading', { name: '替换凭证' })).toBeVisible()
      await lookAt('proof-replace')
    })
  })
}

/** One task of each kind of content, for 张三. */
async function everyKind(call: Administrator['call'], wecom: Wecom) {
  const text = '新品到店，欢迎来试[微笑]\n三楼中庭，周末有热红酒和手作体验，先到先得。'
  const [cover] = await uploadPictures(call, 1, 'cover')
  return {
    text: await issue(call, wecom, { text }),
    link: await issue(call, wecom, { text, link: aLink({ description: '预约到店试穿，好礼相送', coverId: cover! }) }),
    one: await issue(call, wecom, { text, images: await uploadPictures(call, 1) }),
    four: await issue(call, wecom, { text, images: await uploadPictures(call, 4) }),
    nine: await issue(call, wecom, { text: '', images: await uploadPictures(call, 9) }),
  }
}
