import { expect, test } from './fixtures.ts'
import { look } from './looks.ts'
import { aPicture } from './pictures.ts'
import { newTaskForm } from './task-form.ts'
import { aLink } from './tasks.ts'

const REFUSED = '无法打开这个链接，请检查地址（内网地址不能获取），也可以手动填写标题和封面'

test('a link is filled in by hand where its page cannot be fetched, such as one inside the company', async ({
  administrator,
  stack,
  expecting,
}) => {
  expecting(/422.*\/api\/console\/links\/preview/)
  const { page, call } = await administrator()
  const form = await newTaskForm(page)
  const push = form.push(1)
  await push.link.getByRole('button', { name: '添加外链' }).click()
  const address = push.link.getByLabel('链接地址')
  const fetch = push.link.getByRole('button', { name: '获取标题和封面' })
  await expect(fetch).toBeDisabled()

  await address.fill('不是地址')
  await fetch.click()
  await expect(push.link.getByRole('alert')).toHaveText('请填写以 http:// 或 https:// 开头、不含空格的链接地址')
  for (const inside of ['http://127.0.0.1/', 'https://[::ffff:10.0.0.1]/', 'http://169.254.169.254/latest/meta-data']) {
    await address.fill(inside)
    await expect(push.link.getByRole('alert'), 'another address, another chance').toBeHidden()
    await fetch.click()
    await expect(push.link.getByRole('alert')).toHaveText(REFUSED)
  }
  await address.fill(stack.publicUrl)
  await fetch.click()
  await expect(push.link.getByRole('alert')).toHaveText('只能获取 80、443 端口上的网页，请手动填写标题和封面')

  await form.name.fill('手动填写的外链')
  await form.choosePeople({ 上海南京西路店: ['张三'] })
  await push.name.fill('外链')
  await push.now()
  await push.text.fill('新品到店')
  await push.link.getByLabel('链接标题').fill(aLink().title)
  await form.submit()
  const { pushes } = await call('GET /api/console/tasks/:taskId', { params: { taskId: await form.saved() } })
  expect(pushes[0]!.link).toMatchObject({ url: `${stack.publicUrl}/`, title: aLink().title, cover: null })
})

test('a pasted address is looked at by itself, once, when one goes on to the next field', async ({
  administrator,
  expecting,
}) => {
  expecting(/422.*\/api\/console\/links\/preview/)
  const { page } = await administrator()
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/links/preview')) asked.push(request.postData() ?? '')
  })
  const form = await newTaskForm(page)
  const { link } = form.push(1)
  await form.name.fill('http://10.0.0.1/news')
  await form.name.press('ControlOrMeta+A')
  await form.name.press('ControlOrMeta+C')
  await link.getByRole('button', { name: '添加外链' }).click()
  await link.getByLabel('链接地址').press('ControlOrMeta+V')
  await link.getByLabel('链接标题').focus()
  await expect(link.getByRole('alert')).toHaveText(REFUSED)
  await link.getByLabel('链接地址').focus()
  await link.getByLabel('链接标题').fill('我的标题')
  expect(asked).toEqual([JSON.stringify({ url: 'http://10.0.0.1/news' })])
})

// Every page this machine could serve is inside the company, and so refused: the server's answer stands in for one outside.
// What it reads from real pages is tested in apps/server/src/links.
test('title, description and cover come from the page, and what was typed gives way only when one says so', async ({
  administrator,
}) => {
  const { page, call } = await administrator()
  const { buffer, mimeType } = await aPicture('封面.jpg', '#2f7f78')
  const cover = await call('POST /api/console/images', {
    query: { purpose: 'cover' },
    image: new Blob([new Uint8Array(buffer)], { type: mimeType }),
  })
  const said = { title: '冬季新品目录', description: '三十款新品，全国门店同步上架', cover }
  await page.route('**/api/console/links/preview', (route) => route.fulfill({ json: said }))
  const form = await newTaskForm(page)
  const { link, text } = form.push(1)
  await text.fill('新品到店')
  await link.getByRole('button', { name: '添加外链' }).click()
  await link.getByLabel('链接地址').fill('https://example.com/winter')
  const [title, description] = [link.getByLabel('链接标题'), link.getByLabel('链接描述')]
  const fetch = link.getByRole('button', { name: '获取标题和封面' })
  await fetch.click()
  await expect(title).toHaveValue(said.title)
  await expect(description).toHaveValue(said.description)
  await expect(link.getByRole('listitem', { name: '第 1 张：链接封面' })).toBeVisible()
  await expect(page.getByRole('complementary', { name: '手机预览' })).toContainText(said.title)
  await link.getByRole('button', { name: '移除外链' }).hover()
  await look(page, 'form-link')

  await title.fill('我的标题')
  const question = page.getByRole('dialog', { name: '覆盖已填写的标题和封面？' })
  await fetch.click()
  await expect(question).toBeVisible()
  await look(page, 'form-link-overwrite')
  await question.getByRole('button', { name: '返回' }).click()
  await expect(title).toHaveValue('我的标题')
  await fetch.click()
  await question.getByRole('button', { name: '覆盖' }).click()
  await expect(title).toHaveValue(said.title)
  await title.fill('冬季新品')
  await expect(title, 'it stays editable').toHaveValue('冬季新品')
})
