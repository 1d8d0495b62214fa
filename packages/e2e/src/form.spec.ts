import { expect, test } from './fixtures.ts'
import { fillIn, newTaskForm, type TaskForm } from './task-form.ts'
import { LIMITS } from '@qimeng/contract'

test('pushes are added, copied, moved and removed with the focus where the work goes on', async ({ administrator }) => {
  const { page } = await administrator()
  const form = await newTaskForm(page)
  const act = (push: number, name: string) => form.push(push).card.getByRole('button', { name, exact: true })
  const said = (text: string) => expect(page.getByRole('status').filter({ hasText: text })).toBeAttached()
  await form.push(1).name.fill('早')
  await form.addPush()
  await expect(form.push(2).name).toBeFocused()
  await said('已添加推送，是第 2 个推送，共 2 个')
  await page.keyboard.type('晚')
  await act(1, '复制').click()
  await expect(form.push(2).name).toBeFocused()
  await expect(form.push(2).name).toHaveValue('早')

  await act(3, '上移').press('Enter')
  await expect(act(2, '上移')).toBeFocused()
  await expect(form.push(2).name).toHaveValue('晚')
  await said('推送 3 移到了第 2 个，共 3 个')
  // At the top there is no way up: the way back is next to it.
  await page.keyboard.press('Enter')
  await expect(act(1, '下移')).toBeFocused()

  await act(1, '移除').click()
  await page.getByRole('dialog', { name: '移除推送' }).getByRole('button', { name: '移除', exact: true }).click()
  await said('已移除推送 1，还有 2 个')
  await expect(form.push(1).name).toBeFocused()
})

test('the default hint follows the scope until it is edited', async ({ administrator }) => {
  const { page } = await administrator()
  const form = await newTaskForm(page)
  await expect(form.hint).toHaveValue('请发表到微信朋友圈')
  await form.scope('企业微信朋友圈')
  await expect(form.hint).toHaveValue('请发表到企业微信朋友圈')
  await form.hint.fill('下班前发')
  await form.scope('全部（企业微信和微信朋友圈）')
  await expect(form.hint).toHaveValue('下班前发')
})

test.describe('choosing a time', () => {
  test('every minute of Shanghai can be chosen in New York, by keyboard alone', async ({ administrator }) => {
    const { page } = await administrator()
    const { minute } = (await newTaskForm(page)).push(1)
    // On 14 March 2027 New York's clocks go from 1:59 to 3:00.
    await minute.fill('2027-03-13 01:28')
    await minute.press('Enter')
    await minute.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Tab')
    await expect(page.getByRole('listbox', { name: '时' })).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(minute).toBeFocused()
    await expect(minute).toHaveValue('2027-03-14 02:30')
    await expect(page.getByRole('dialog', { name: '选择日期和时间' })).toBeHidden()
  })

  test('a full or half hour gets a hint, and a quieter minute at a tap', async ({ administrator }) => {
    const { page } = await administrator()
    const { setTime, time, minute } = (await newTaskForm(page)).push(1)
    await setTime('2027-03-14 09:30')
    await expect(time).toHaveAccessibleDescription('整点和半点发送的人多，建议错开几分钟')
    await time.getByRole('button', { name: '改为 09:33' }).click()
    await expect(minute).toHaveValue('2027-03-14 09:33')
    await expect(time).toHaveAccessibleDescription('北京时间，精确到分钟')
  })
})

test.describe('writing the text', () => {
  test('emoji go in at the caret, by keyboard too; Escape closes the panel and leads back', async ({
    administrator,
  }) => {
    const { page } = await administrator()
    const { card, text } = (await newTaskForm(page)).push(1)
    await text.fill('前后')
    await text.press('ArrowLeft')
    const button = card.getByRole('button', { name: '微信表情' })
    await button.focus()
    await page.keyboard.press('Enter')
    await expect(card.getByRole('button', { name: '[微笑]', exact: true })).toBeFocused()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(text).toHaveValue('前[撇嘴][色]后')
    await expect(card.getByText('4/200')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(card.getByRole('group', { name: '微信表情' })).toBeHidden()
    await expect(button).toBeFocused()

    await text.click()
    await text.press('Home')
    await button.click()
    await card.getByRole('button', { name: '[OK]' }).click()
    await expect(text).toHaveValue('[OK]前[撇嘴][色]后')
    await expect(text).toBeFocused()
  })

  test('what is being composed is not cut off, and Enter ends the composition, not the form', async ({
    administrator,
  }) => {
    const { page } = await administrator()
    const { name } = await newTaskForm(page)
    await name.fill('新'.repeat(LIMITS.taskName - 1))
    await name.press('End')
    const ime = await page.context().newCDPSession(page)
    await ime.send('Input.imeSetComposition', { text: 'shang shi', selectionStart: 9, selectionEnd: 9 })
    await expect(name).toHaveValue('新'.repeat(LIMITS.taskName - 1) + 'shang shi')
    await ime.send('Input.insertText', { text: '上市' })
    await expect(name).toHaveValue('新'.repeat(LIMITS.taskName - 1) + '上市')
    await expect(page.getByText('31/30')).toBeVisible()
    await expect(page.getByText(/处需要修改/)).toBeHidden()
  })
})

test.describe('leaving', () => {
  test('asks, keeps a draft, and does not ask once the task is made', async ({ administrator }) => {
    const { page } = await administrator()
    const form = await newTaskForm(page)
    await fillIn(form, '没有写完的任务')
    await page.getByRole('link', { name: '消息', exact: true }).click()
    const question = page.getByRole('dialog', { name: '离开这个页面吗？' })
    await question.getByRole('button', { name: '返回' }).click()
    await expect(page).toHaveURL(/\/tasks\/new$/)

    const asked = new Promise<void>((done) => page.once('dialog', (dialog) => void dialog.accept().then(done)))
    await page.reload()
    await asked
    await expect(page.getByText('已恢复上次没有提交的内容')).toBeVisible()
    await expect(form.name).toHaveValue('没有写完的任务')
    await expect(form.executors.getByRole('button', { name: '移除张三' })).toBeVisible()

    await form.submit()
    await form.saved()
    await page.getByRole('link', { name: '消息', exact: true }).click()
    await expect(page).toHaveURL(/\/messages$/)
    await page.goto('/admin/tasks/new')
    await expect(form.name).toHaveValue('')
  })

  test('the form works in a browser that keeps nothing', async ({ administrator }) => {
    const { page } = await administrator()
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get: () => {
          throw new DOMException('The request was denied.', 'SecurityError')
        },
      })
    })
    const form = await newTaskForm(page)
    await fillIn(form, '不保存草稿也能创建')
    await form.submit()
    await form.saved()
  })
})

test('a double click and two Enters in a field create one task', async ({ administrator }) => {
  const { page, call } = await administrator()
  const ways: [string, (form: TaskForm) => Promise<void>][] = [
    ['双击确定', () => page.getByRole('button', { name: '确定', exact: true }).dblclick()],
    [
      '连按回车',
      async ({ name }) => {
        await name.focus()
        await page.keyboard.press('Enter')
        await page.keyboard.press('Enter')
      },
    ],
  ]
  for (const [name, send] of ways) {
    const form = await newTaskForm(page)
    await fillIn(form, name)
    await send(form)
    await form.saved()
    const { rows } = await call('GET /api/console/tasks', { query: { keyword: name } })
    expect(rows.map((task) => task.name)).toEqual([name])
  }
})
