import { ApiError, LIMITS } from '@qimeng/contract'
import { scanAs } from './console.ts'
import { expect, test } from './fixtures.ts'
import { aPicture } from './pictures.ts'
import { newTaskForm, type TaskForm } from './task-form.ts'
import { aPush, aTask, createDueNow } from './tasks.ts'
import { VIOLATIONS } from './violations.ts'

test.describe('what PRODUCT.md 2 forbids', () => {
  test('the server refuses, with the message and the path of the field', async ({ call }) => {
    const stored = async () => (await call('GET /api/console/tasks', { query: { keyword: aTask().name } })).total
    const before = await stored()
    for (const { rule, sent, path, message } of VIOLATIONS) {
      await test.step(rule, async () => {
        const refusal = await refusalOf(call('POST /api/console/tasks', { body: sent() }))
        expect.soft(refusal.status, rule).toBe(422)
        const issues = refusal.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
        expect.soft(issues, rule).toContainEqual({ path, message })
      })
    }
    expect(await stored(), 'nothing was created').toBe(before)
  })

  test('the form refuses, says so at the field, and keeps what was typed', async ({ administrator }) => {
    const { page } = await administrator()
    const form = await newTaskForm(page)
    for (const { rule, typed, message } of VIOLATIONS) {
      if (!typed) continue
      await test.step(rule, async () => {
        await fillRightly(form)
        const field = await typed(form)
        const before = await whatIsTyped(form)
        await form.submit()
        await expect(field, rule).toHaveAccessibleDescription(message)
        await expect(page.getByText('有 1 处需要修改')).toBeVisible()
        expect(await whatIsTyped(form), rule).toEqual(before)
      })
    }
    await expect(page).toHaveURL(/\/admin\/tasks\/new/)
  })

  test('an untouched form says everything it lacks at once, and goes to the first', async ({ administrator }) => {
    const { page } = await administrator()
    const form = await newTaskForm(page)
    await form.submit()
    await expect(form.name).toHaveAccessibleDescription('请填写任务名称')
    await expect(form.name).toBeFocused()
    await expect(form.executors).toHaveAccessibleDescription('请选择执行员工')
    await expect(form.push(1).name).toHaveAccessibleDescription('请填写推送名称')
    await expect(form.push(1).time).toHaveAccessibleDescription('请选择推送时间')
    await expect(form.push(1).text).toHaveAccessibleDescription('请填写推送内容或添加图片')
    await expect(page.getByText('有 5 处需要修改')).toBeVisible()
  })

  test('pictures or a link, one excludes the other; 1 to 5 pushes; 9 pictures', async ({ administrator }) => {
    const { page } = await administrator()
    const form = await newTaskForm(page)
    const first = form.push(1)
    await first.addPictures(
      ...(await Promise.all(Array.from({ length: 10 }, (_, index) => aPicture(`${index}.jpg`, '#c60', SMALL)))),
    )
    await expect(first.pictures.getByRole('alert')).toHaveText('最多 9 张图片，「9.jpg」没有添加')
    await expect(first.pictures.getByRole('button', { name: /^移除图片/ })).toHaveCount(9)
    await expect(first.link.getByRole('button', { name: '添加外链' })).toBeDisabled()
    await expect(first.link).toHaveAccessibleDescription('已添加图片，不能再添加外链')

    await expect(first.card.getByRole('button', { name: '移除', exact: true })).toBeDisabled()
    for (let number = 2; number <= LIMITS.pushes; number++) await form.addPush()
    await expect(page.getByRole('button', { name: /^添加推送/ })).toBeDisabled()
    const second = form.push(2)
    await second.addLink({ url: 'https://example.com', title: '链接' })
    await expect(second.pictures.getByRole('button', { name: '添加图片' })).toBeDisabled()
    await expect(second.pictures).toHaveAccessibleDescription('已添加外链，不能再添加图片')
  })

  test('files that are no pictures, and too large ones, are refused by name', async ({ administrator, expecting }) => {
    const { page, call } = await administrator()
    expecting(/415.*\/api\/console\/images/)
    const form = await newTaskForm(page)
    const first = form.push(1)
    const huge = Buffer.alloc(LIMITS.imageBytes + 1, 0xff)
    await first.addPictures(
      { name: '通知.txt', mimeType: 'text/plain', buffer: Buffer.from('不是图片') },
      { name: '巨图.jpg', mimeType: 'image/jpeg', buffer: huge },
      { name: '假图.png', mimeType: 'image/png', buffer: Buffer.from('<html>不是图片</html>') },
    )
    await expect(first.pictures).toContainText('「通知.txt」不是图片，没有添加')
    await expect(first.pictures).toContainText('「巨图.jpg」超过 10 MB，没有添加')
    await expect(first.pictures).toContainText('「假图.png」这不是有效的图片，请选择 JPG 或 PNG 图片')
    await form.submit()
    await expect(first.pictures).toHaveAccessibleDescription('请移除不能使用的图片')

    const tooLarge = await refusalOf(
      call('POST /api/console/images', { image: new Blob([huge], { type: 'image/jpeg' }) }),
    )
    expect(tooLarge).toMatchObject({ status: 413, message: '图片不能超过 10 MB' })
    const noPicture = await refusalOf(
      call('POST /api/console/images', { image: new Blob(['<svg/>'], { type: 'image/png' }) }),
    )
    expect(noPicture).toMatchObject({ status: 415 })
  })
})

test('broken JSON, another content type and a missing header are answered as what they are', async ({
  administrator,
}) => {
  const { page } = await administrator()
  const send = (data: string, headers: Record<string, string>) =>
    page.request.post('/api/console/tasks', { data, headers })
  const ours = { 'X-Requested-With': 'qimeng-moments' }
  expect((await send('{"name":', { ...ours, 'Content-Type': 'application/json' })).status()).toBe(400)
  expect((await send('name=a', { ...ours, 'Content-Type': 'application/x-www-form-urlencoded' })).status()).toBe(415)
  expect((await send('{}', { 'Content-Type': 'application/json' })).status()).toBe(403)
})

test('addresses that lead nowhere open a page that says so', async ({ administrator, phoneOf, expecting }) => {
  expecting(/404.*nowhere/)
  const { page } = await administrator()
  for (const [path, title] of [
    ['/admin/nowhere', '页面不存在'],
    ['/admin/tasks/nowhere', '任务不存在'],
    ['/admin/tasks/nowhere/edit', '任务不存在'],
  ] as const) {
    await page.goto(path)
    await expect(page.getByRole('heading', { name: title })).toBeVisible()
  }
  const phone = await phoneOf('zhangsan')
  await phone.openLink('/m/nowhere')
  await expect(phone.inApp.getByRole('heading', { name: '页面不存在' })).toBeVisible()
  await phone.openLink('/m/pushes/nowhere')
  await expect(phone.inApp.getByRole('heading', { name: '没有找到这个任务' })).toBeVisible()
})

test('who is no administrator is told so, and whom to ask', async ({ openBrowser, expecting }) => {
  expecting(/403.*\/admin\/login/)
  const page = await (await openBrowser()).newPage()
  await page.goto('/admin/tasks')
  await page.getByRole('button', { name: '企业微信扫码登录' }).click()
  await scanAs(page, '李四')
  await expect(page.getByRole('alert')).toContainText('李四还不是管理员')
  await expect(page.getByRole('alert')).toContainText('请联系管理员：')
  await page.goto('/admin/tasks')
  await expect(page.getByRole('button', { name: '企业微信扫码登录' })).toBeVisible()
})

test.describe('a session that ended', () => {
  test('leads to the login page of the console, and back to the same page', async ({ administrator, expecting }) => {
    const { page, call } = await administrator()
    const { id } = await call('POST /api/console/tasks', { body: aTask({ name: '登录过期之后' }) })
    await page.goto(`/admin/tasks/${id}`)
    await expect(page.getByRole('heading', { name: '登录过期之后' })).toBeVisible()

    expecting(/401.*\/api\/console\//)
    await page.context().clearCookies()
    await page.getByRole('button', { name: '企业微信扫码登录' }).click()
    await scanAs(page, '林建国')
    await expect(page.getByRole('heading', { name: '登录过期之后' })).toBeVisible()
    await expect(page).toHaveURL(new RegExp(`/admin/tasks/${id}$`))
  })

  test('does not lose a form that is being filled in', async ({ administrator, expecting }) => {
    const { page } = await administrator()
    const form = await newTaskForm(page)
    await fillRightly(form)
    expecting(/401.*\/api\/console\//)
    await page.context().clearCookies()
    await form.submit()
    await page.getByRole('button', { name: '企业微信扫码登录' }).click()
    await scanAs(page, '林建国')
    await expect(page.getByText('已恢复上次没有提交的内容')).toBeVisible()
    await expect(form.name).toHaveValue(aTask().name)
    await expect(form.push(1).text).toHaveValue(aPush().text)
    await page.getByRole('button', { name: '放弃草稿' }).click()
    await expect(form.name).toHaveValue('')
  })

  test('begins anew on the phone without a word, on the same page', async ({ call, phoneOf, wecom, expecting }) => {
    const { id } = await createDueNow(call, (now) =>
      aTask({ name: '静默登录', pushes: [aPush({ name: '静默登录', scheduledAt: now })] }),
    )
    const { pushes } = await call('GET /api/console/tasks/:taskId', { params: { taskId: id } })
    const phone = await phoneOf('zhangsan')
    await expect.poll(() => wecom.cardsOf('zhangsan', '静默登录')).toHaveLength(1)
    await phone.openLink(`/m/pushes/${pushes[0]!.id}`)
    await expect(phone.inApp.getByRole('heading', { name: '静默登录' })).toBeVisible()

    await wecom.forgetLogin('zhangsan')
    await phone.openLink(`/m/pushes/${pushes[0]!.id}`)
    await expect(phone.inApp.getByRole('heading', { name: '静默登录' })).toBeVisible()

    // The same in the middle of using it, where a call is what finds out.
    expecting(/401.*\/api\/me\//)
    await wecom.forgetLogin('zhangsan')
    await phone.inApp.getByRole('link', { name: '全部任务' }).click()
    await expect(phone.inApp.getByRole('article', { name: '静默登录' })).toBeVisible()
  })
})

const SMALL = { width: 40, height: 40 }

async function refusalOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof ApiError) return error
  throw error
}

/** Makes everything right, whatever was wrong before. */
async function fillRightly(form: TaskForm): Promise<void> {
  const first = form.push(1)
  await form.name.fill(aTask().name)
  await form.hint.fill(aTask().hint)
  const chosen = form.executors.getByRole('button', { name: '移除张三' })
  if (!(await chosen.isVisible())) await form.choosePeople({ 上海南京西路店: ['张三'] })
  const noLink = first.link.getByRole('button', { name: '移除外链' })
  if (await noLink.isVisible()) await noLink.click()
  await first.name.fill(aPush().name)
  await first.text.fill(aPush().text)
  await first.now()
}

const whatIsTyped = async (form: TaskForm) => ({
  name: await form.name.inputValue(),
  hint: await form.hint.inputValue(),
  executors: await form.executors.getByRole('button', { name: /^移除/ }).count(),
  pushName: await form.push(1).name.inputValue(),
  time: await form.push(1).minute.inputValue(),
  text: await form.push(1).text.inputValue(),
})
