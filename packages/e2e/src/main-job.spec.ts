import { readFile } from 'node:fs/promises'
import { type ApiError, DAY, drawEmoji, formatShanghai, MINUTE } from '@qimeng/contract'
import * as XLSX from 'xlsx'
import { type Administrator, expect, test } from './fixtures.ts'
import { aPicture, aScreenshot } from './pictures.ts'
import { newTaskForm } from './task-form.ts'
import { taskPage } from './task-page.ts'
import { aPush, aTask, createDueNow } from './tasks.ts'
import type { Person, Wecom } from './wecom.ts'

const TASK = '双十一预热'
const POSTER = '预热海报'
const LINK = '会场链接'
const TEXT = '双十一预热开始啦[微笑][玫瑰]\n家人们冲👨‍👩‍👧‍👦🎉，两件 8 折\n\n<b>不是代码</b> & “引号” [不是表情] 100%'
const STORE = '上海南京西路店'
const OFFICE = '市场品牌部'

test.use({ company: 'main job' })

test('a task goes out to twelve phones and comes back as proofs', async ({ administrator, phoneOf, wecom }) => {
  test.setTimeout(240_000)
  const store = (await peopleOf(wecom, STORE)).slice(0, 6)
  const office = (await peopleOf(wecom, OFFICE)).slice(0, 6)
  const executors = [...store, ...office]
  const { page, call } = await administrator()
  const task = taskPage(page)

  await test.step('the administrator creates a task with two pushes, due in the current minute', async () => {
    const form = await newTaskForm(page)
    await form.name.fill(TASK)
    await form.choosePeople({ [STORE]: store.map(nameOf), [OFFICE]: office.map(nameOf) })
    await expect(form.executors).toContainText('已选 12/100')

    const poster = form.push(1)
    await poster.name.fill(POSTER)
    await poster.text.fill(TEXT)
    await poster.addPictures(
      await aPicture('红.jpg', '#c8372d'),
      await aPicture('绿.jpg', '#2f8f5b'),
      await aPicture('蓝.jpg', '#2f5fb3'),
    )
    await form.addPush()
    const link = form.push(2)
    await link.name.fill(LINK)
    await link.text.fill('会场在这里')
    await link.addLink({ url: 'https://example.com/1111', title: '双十一会场', description: '两件 8 折' })
    await link.now()

    // What is typed now must still be now when it is sent.
    await expect.poll(() => Date.now() % MINUTE).toBeLessThan(50_000)
    await poster.setTime(formatShanghai(Date.now()))
    await form.submit()
    await form.saved()
  })

  await test.step('each of the twelve phones gets exactly one card per push', async () => {
    for (const { userid } of executors) {
      for (const push of [POSTER, LINK]) {
        await expect.poll(() => cardsOf(wecom, userid, push), { message: `${userid}, ${push}` }).toHaveLength(1)
      }
    }
  })

  // From here on the console's page of the task stays open: what changes on it changes by itself.
  await task.choosePush(POSTER)
  await expect(task.pending).toHaveText('待执行 12')
  let loads = 0
  page.on('load', () => (loads += 1))

  await test.step('张三 opens the card, copies, saves pictures, publishes, uploads two screenshots', async () => {
    const phone = await phoneOf('zhangsan')
    const { inApp } = phone
    await phone.openCard(POSTER)
    const content = inApp.getByRole('region', { name: '朋友圈内容' })
    await expect(inApp.getByRole('heading', { name: POSTER })).toBeVisible()
    expect(await content.getByText('双十一预热开始啦').textContent()).toBe(drawEmoji(TEXT))
    await expect(content.getByRole('button', { name: /^查看图片/ })).toHaveCount(3)
    await expect(inApp.getByText('请发表到微信朋友圈')).toBeVisible()

    await content.getByRole('button', { name: '查看图片 1' }).click()
    await phone.savePictures(3)
    for (const { width, height } of await wecom.albumOf('zhangsan')) expect({ width, height }).toEqual(SQUARE)

    await inApp.getByRole('button', { name: '一键复制文案，前往发表' }).click()
    await inApp.getByRole('button', { name: '确认' }).click()
    await expect(inApp.getByText('文案已复制').first()).toBeVisible()
    expect(await wecom.clipboardOf('zhangsan')).toBe(TEXT)

    await phone.publishToMoments(3)
    await phone.page.goto(new URL('moments', phone.page.url()).href)
    const moment = phone.page.getByRole('article').first()
    expect(await moment.getByText('双十一预热开始啦').textContent()).toBe(TEXT)
    await expect(moment.getByRole('button', { name: /^查看第/ })).toHaveCount(3)

    await phone.openCard(POSTER)
    await inApp.getByRole('link', { name: '上传发送凭证' }).click()
    await phone.uploadProof(await aScreenshot('截屏1.jpg', '#7a4'), await aScreenshot('截屏2.jpg', '#47a'))
    await inApp.getByRole('link', { name: '查看任务' }).click()
    await expect(inApp.getByText('已执行')).toBeVisible()
  })

  await test.step('李四 goes by the workbench and 「查看所有」', async () => {
    const phone = await phoneOf('lisi')
    const { inApp } = phone
    await phone.openWorkbench()
    await expect(inApp.getByRole('region', { name: '待执行任务' })).toContainText('2')
    await inApp.getByRole('link', { name: '查看所有' }).click()
    await inApp.getByRole('article', { name: POSTER }).getByRole('link', { name: '上传发送凭证' }).click()
    await phone.uploadProof(await aScreenshot('截屏.jpg', '#a47'))
  })

  await test.step('the console moves them to 已执行 without a reload, and shows the screenshots', async () => {
    await expect(task.done).toHaveText('已执行 2')
    await expect(task.pending).toHaveText('待执行 10')
    await task.done.click()
    await expect(task.row('李四')).toContainText('1 张')
    await task.row('张三').getByRole('button', { name: '查看' }).click()
    const viewer = page.getByRole('dialog', { name: '执行凭证 · 张三' })
    await expect(viewer.getByText('2 张')).toBeVisible()
    for (const place of ['第 1 张', '第 2 张']) {
      const picture = viewer.getByRole('img', { name: `张三的执行凭证，${place}，共 2 张` })
      await expect(picture).toHaveJSProperty('complete', true)
      await expect(picture).not.toHaveJSProperty('naturalWidth', 0)
      await viewer.getByRole('button', { name: '下一张' }).click()
    }
    await page.keyboard.press('Escape')
    await expect(viewer).toBeHidden()
    expect(loads).toBe(0)
  })

  await test.step('the administrator reminds the other ten, each gets exactly one reminder card', async () => {
    await task.pending.click()
    const report = await task.sendReminder()
    await expect(report).toContainText('已提醒 10 人')
    await report.getByRole('button', { name: '知道了' }).click()
    for (const { userid } of executors) {
      const expected = ['zhangsan', 'lisi'].includes(userid) ? 0 : 1
      expect(await cardsOf(wecom, userid, '第 1 次提醒'), userid).toHaveLength(expected)
      expect(await wecom.cardsOf(userid, TASK), userid).toHaveLength(2 + expected)
    }
    await expect(task.row(nameOf(store[1]!))).toContainText('1 次')
  })

  await test.step('the administrator exports both lists; the files hold the right rows', async () => {
    const pending = await rowsOf((await task.exportAndDownload(`导出「${TASK}」待执行名单`)).path())
    expect(pending.map((row) => row['账号'])).toEqual(
      expect.arrayContaining(executors.slice(1, 6).map(({ userid }) => userid)),
    )
    expect(pending).toHaveLength(10)
    for (const row of pending) expect(row).toMatchObject({ 状态: '待执行', 送达: '已送达', 提醒次数: 1, 凭证数: 0 })

    await page.goBack()
    await task.done.click()
    const done = await rowsOf((await task.exportAndDownload(`导出「${TASK}」已执行名单`)).path())
    expect(done.map((row) => row['员工姓名']).sort()).toEqual(['张三', '李四'])
    const zhangsan = done.find((row) => row['账号'] === 'zhangsan')!
    expect(zhangsan).toMatchObject({ 任务名称: TASK, 推送名称: POSTER, 状态: '已执行', 提醒次数: 0, 凭证数: 2 })
    expect(zhangsan['部门']).toContain(STORE)
    // Excel's dates have no zone: the cell holds what a clock in Shanghai shows.
    expect(Math.abs(dateIn(zhangsan['推送时间']) - Date.now())).toBeLessThan(10 * MINUTE)
    expect(Math.abs(dateIn(zhangsan['完成时间']) - Date.now())).toBeLessThan(10 * MINUTE)
  })

  await test.step('nobody has got anything twice meanwhile', async () => {
    for (const { userid } of executors) {
      for (const push of [POSTER, LINK]) {
        const cards = await cardsOf(wecom, userid, push)
        expect(
          cards.filter((card) => !JSON.stringify(card.content).includes('次提醒')),
          userid,
        ).toHaveLength(1)
      }
    }
  })

  await test.step('an issued task cannot be edited', async () => {
    await page.goto('/admin/tasks')
    const row = page.getByRole('row').filter({ hasText: TASK })
    await expect(row.getByRole('button', { name: '编辑' })).toBeDisabled()
    await row.getByRole('link', { name: TASK }).click()
    await expect(page.getByRole('heading', { name: TASK })).toBeVisible()
    await expect(page.getByRole('button', { name: '编辑' })).toBeDisabled()
    const taskId = new URL(page.url()).pathname.split('/').at(-1)!
    await page.goto(`/admin/tasks/${taskId}/edit`)
    await expect(page.getByRole('heading', { name: '任务已下达，不能再编辑' })).toBeVisible()
    await expect(page.getByRole('button', { name: '确定' })).toBeHidden()
    const refused = call('PUT /api/console/tasks/:taskId', { params: { taskId }, body: { ...aTask(), version: 0 } })
    await expect(refused).rejects.toMatchObject({
      status: 409,
      message: '任务已下达，不能再编辑',
    } satisfies Partial<ApiError>)
  })
})

test('a deleted task takes its cards back, and a page still open says so', async ({
  administrator,
  phoneOf,
  wecom,
  expecting,
}) => {
  expecting(/410.*\/api\/me\/pushes/)
  // The console's page may ask once more before it leaves.
  expecting(/404.*\/api\/console\/(tasks|pushes)\//)
  const { page, call } = await administrator()
  const name = '要删除的任务'
  const { id } = await createDueNow(call, (now) => aTask({ name, pushes: [aPush({ scheduledAt: now })] }))
  await expect.poll(() => wecom.cardsOf('zhangsan', name)).toHaveLength(1)
  const phone = await phoneOf('zhangsan')
  await phone.openCard(name)
  await expect(phone.inApp.getByRole('heading', { name: '早间上新' })).toBeVisible()

  await page.goto(`/admin/tasks/${id}`)
  await page.getByRole('button', { name: '删除' }).click()
  const question = page.getByRole('dialog', { name: '删除任务' })
  await expect(question).toContainText(`确定删除任务「${name}」吗`)
  await question.getByRole('button', { name: '删除' }).click()
  await expect(page).toHaveURL(/\/admin\/tasks$/)
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0)

  await phone.page.reload()
  await expect(phone.inApp.getByRole('heading', { name: '任务已删除' })).toBeVisible()
  await phone.openChat()
  await expect(phone.page.getByText('企盟助手撤回了一条消息').last()).toBeVisible()
})

test('who is no executor sees that', async ({ call, phoneOf, wecom, expecting }) => {
  expecting(/403.*\/api\/me\/pushes/)
  const name = '只给张三'
  const { id } = await createDueNow(call, (now) => aTask({ name, pushes: [aPush({ scheduledAt: now })] }))
  await expect.poll(() => wecom.cardsOf('zhangsan', name)).toHaveLength(1)
  const { pushes } = await call('GET /api/console/tasks/:taskId', { params: { taskId: id } })

  const phone = await phoneOf('wangwu')
  await phone.openLink(`/m/pushes/${pushes[0]!.id}`)
  await expect(phone.inApp.getByRole('heading', { name: '你不是这个任务的执行员工' })).toBeVisible()
  await expect(phone.inApp.getByText('新品到店')).toHaveCount(0)
})

test('the server dies while a push is going out: everybody has exactly one card', async ({
  administrator,
  wecom,
  stack,
  expecting,
}) => {
  test.setTimeout(180_000)
  expecting(/net::ERR_CONNECTION_/)
  const { page, call } = await administrator()
  const executors = (await peopleOf(wecom, STORE)).slice(0, 12).map(({ userid }) => userid)
  const name = '推送途中断电'
  await wecom.slowCards(4_000)
  const { id } = await createDueNow(call, (now) => aTask({ name, executors, pushes: [aPush({ scheduledAt: now })] }))
  await expect.poll(() => wecom.faultsLeft(), 'the request is on its way').toBe(0)
  await stack.kill()
  await expect.poll(() => wecom.cardsOf(executors[0]!, name), 'WeCom took it, and nobody heard').toHaveLength(1)
  await stack.start()

  await expect
    .poll(() => cardStates(call, id), { message: 'the server asks again and knows', timeout: 90_000 })
    .toMatchObject({ delivered: 12, sending: 0 })
  for (const userid of executors) expect(await wecom.cardsOf(userid, name), userid).toHaveLength(1)

  await page.goto(`/admin/tasks/${id}`)
  await expect(taskPage(page).pending).toHaveText('待执行 12')
  await expect(page.getByLabel('任务卡片')).toHaveText('任务卡片已送达 12')
})

const SQUARE = { width: 900, height: 900 }

const nameOf = ({ name }: Person) => name

async function peopleOf(wecom: Wecom, department: string): Promise<Person[]> {
  const { departments, people } = await wecom.corp()
  const id = departments.find(({ name }) => name === department)!.id
  return people.filter((person) => person.departments.includes(id))
}

const cardsOf = async (wecom: Wecom, userid: string, words: string) => {
  const cards = await wecom.cardsOf(userid, TASK)
  return cards.filter((card) => JSON.stringify(card.content).includes(words))
}

async function cardStates(call: Administrator['call'], taskId: string) {
  const { pushes } = await call('GET /api/console/tasks/:taskId', { params: { taskId } })
  return pushes[0]!.cards
}

async function rowsOf(path: Promise<string>): Promise<Record<string, unknown>[]> {
  const book = XLSX.read(await readFile(await path))
  return XLSX.utils.sheet_to_json(book.Sheets[book.SheetNames[0]!]!, { raw: true })
}

/** A date cell, the wall clock of Shanghai in days since the end of 1899, as epoch ms. */
const dateIn = (cell: unknown) => (Number(cell) - 25_569) * DAY - 8 * 60 * MINUTE
