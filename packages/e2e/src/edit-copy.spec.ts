import { formatShanghai, LIMITS } from '@qimeng/contract'
import { type Administrator, expect, test } from './fixtures.ts'
import { aSmallPicture } from './pictures.ts'
import { taskForm } from './task-form.ts'
import { aLink, aPush, aTask, createDueNow } from './tasks.ts'

test('a task is edited as it was: nothing changed, nothing lost', async ({ administrator }) => {
  const { page, call } = await administrator()
  const images: string[] = []
  for (let number = 1; number <= LIMITS.images; number++)
    images.push(await anImage(call, 'content', `#${number}${number}6`))
  const { id } = await call('POST /api/console/tasks', {
    body: aTask({
      name: '原样[微笑]编辑',
      executors: ['zhangsan', 'lisi', 'wangwu'],
      sendScope: 'all',
      hint: '晚上八点前发完',
      pushes: [
        aPush({ name: '九图', text: '第一行\n\n第三行👨‍👩‍👧‍👦', images }),
        aPush({ name: '外链', link: aLink({ description: '描述', coverId: await anImage(call, 'cover', '#393') }) }),
        aPush({ name: '只有图', text: '', images: [images[4]!] }),
      ],
    }),
  })
  const read = async () => {
    const { version, pushes, ...task } = await call('GET /api/console/tasks/:taskId/form', { params: { taskId: id } })
    expect(version).toBeGreaterThan(0)
    const idsOf = (views: { id: string }[]) => views.map((view) => view.id)
    return {
      ...task,
      pushes: pushes.map((push) => ({
        ...push,
        images: idsOf(push.images),
        link: push.link && { ...push.link, cover: push.link.cover?.id },
      })),
    }
  }
  const before = await read()
  await page.goto(`/admin/tasks/${id}/edit`)
  const form = taskForm(page)
  await expect(form.name).toHaveValue('原样[微笑]编辑')
  await expect(page.getByRole('radio', { name: '全部（企业微信和微信朋友圈）' })).toBeChecked()
  await expect(form.executors.getByRole('button', { name: /^移除/ })).toHaveCount(3)
  await expect(form.push(1).text).toHaveValue('第一行\n\n第三行👨‍👩‍👧‍👦')
  await expect(form.push(1).minute).toHaveValue(formatShanghai(before.pushes[0]!.scheduledAt))
  await expect(form.push(1).pictures.getByRole('button', { name: /^移除图片/ })).toHaveCount(9)
  await expect(form.push(2).link.getByLabel('链接描述')).toHaveValue('描述')
  // Nothing was touched, so leaving asks nothing.
  await page.getByRole('button', { name: '取消', exact: true }).click()
  await expect(page).toHaveURL(/\/admin\/tasks$/)

  await page.goto(`/admin/tasks/${id}/edit`)
  await expect(form.hint).toHaveValue('晚上八点前发完')
  await form.submit()
  expect(await form.saved()).toBe(id)
  expect(await read()).toEqual(before)

  // The other push is moved up and one picture to the front: nothing else changes.
  await page.goto(`/admin/tasks/${id}/edit`)
  await form.push(1).picture(9, '图片 9').press('Home')
  await form.push(2).card.getByRole('button', { name: '上移' }).click()
  await form.submit()
  expect(await form.saved()).toBe(id)
  const [nine, link, only] = before.pushes
  const turned = { ...nine, images: [images[8], ...images.slice(0, 8)] }
  expect(await read()).toEqual({ ...before, pushes: [link, turned, only] })
})

test.describe('copying a task', () => {
  test('begins a new one with its people, pictures and cover, though somebody else made it', async ({
    administrator,
  }) => {
    const author = await administrator('张三')
    const image = await anImage(author.call, 'content', '#486')
    const cover = await anImage(author.call, 'cover', '#648')
    const { id: original } = await createDueNow(author.call, (now) =>
      aTask({
        name: '可以复制的任务',
        executors: ['zhangsan', 'lisi'],
        pushes: [
          aPush({ name: '已经发出', scheduledAt: now, images: [image] }),
          aPush({ name: '还没有发', link: aLink({ coverId: cover }) }),
        ],
      }),
    )
    const { page, call } = await administrator('林建国')
    await page.goto(`/admin/tasks/${original}`)
    await page.getByRole('button', { name: '复制', exact: true }).click()
    const form = taskForm(page)
    await expect(page.getByRole('heading', { name: '新建任务' })).toBeVisible()
    await expect(form.name).toHaveValue('可以复制的任务')
    await expect(form.executors.getByRole('button', { name: /^移除/ })).toHaveCount(2)
    await form.push(1).now()
    await expect(form.push(1).pictures.getByRole('button', { name: /^移除图片/ })).toHaveCount(1)
    await expect(form.push(2).link.getByLabel('链接标题')).toHaveValue(aLink().title)
    await form.name.fill('复制出来的任务')
    await form.submit()
    const copy = await form.saved()
    expect(copy).not.toBe(original)
    const { pushes } = await call('GET /api/console/tasks/:taskId', { params: { taskId: copy } })
    expect(pushes[0]!.images.map(({ id }) => id)).toEqual([image])
    expect(pushes[1]!.link!.cover!.id).toBe(cover)
  })

  test('of one that is gone says so', async ({ administrator, expecting }) => {
    expecting(/404.*\/tasks\/nowhere\/form/)
    const { page } = await administrator()
    await page.goto('/admin/tasks/new?from=nowhere')
    await expect(page.getByRole('heading', { name: '要复制的任务不存在' })).toBeVisible()
  })
})

test('two administrators edit the same task: the second keeps what was typed, and may load what is there now', async ({
  administrator,
  expecting,
}) => {
  expecting(/409.*\/api\/console\/tasks\//)
  const { page, call } = await administrator()
  const { id } = await call('POST /api/console/tasks', { body: aTask({ name: '两人同时编辑' }) })
  await page.goto(`/admin/tasks/${id}/edit`)
  const form = taskForm(page)
  await form.name.fill('我改的名称')
  const { version } = await call('GET /api/console/tasks/:taskId/form', { params: { taskId: id } })
  await call('PUT /api/console/tasks/:taskId', {
    params: { taskId: id },
    body: { ...aTask({ name: '同事改的名称' }), version },
  })

  await form.submit()
  const notice = page.getByRole('alert').filter({ hasText: '其他管理员已经修改了这个任务' })
  await expect(notice).toBeFocused()
  await expect(form.name).toHaveValue('我改的名称')
  await expect(notice.getByRole('link', { name: '在新标签页查看' })).toHaveAttribute('target', '_blank')
  await notice.getByRole('button', { name: '重新载入' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '重新载入' }).click()
  await expect(form.name).toHaveValue('同事改的名称')
  await expect(notice).toBeHidden()
  await form.name.fill('商量好的名称')
  await form.submit()
  expect(await form.saved()).toBe(id)
})

/** @returns the id of a picture that was uploaded past the form */
async function anImage(call: Administrator['call'], purpose: 'content' | 'cover', colour: string): Promise<string> {
  const { buffer } = await aSmallPicture(`${purpose}.jpg`, colour)
  const image = new Blob([new Uint8Array(buffer)], { type: 'image/jpeg' })
  const { id } = await call('POST /api/console/images', { image, query: { purpose } })
  return id
}
