import { expect, type Locator, type Page } from '@playwright/test'
import { choose, type TestFile } from './pictures.ts'
import { aPush } from './tasks.ts'

/** The page 新建任务 or 编辑, as an administrator fills it in. */
export interface TaskForm {
  name: Locator
  hint: Locator
  executors: Locator
  scope(label: string): Promise<void>
  /** Chooses people in the picker, department by department, and says how many are chosen then. */
  choosePeople(byDepartment: Record<string, string[]>): Promise<void>
  addPush(): Promise<void>
  /** The card of the push with that number, from 1. */
  push(number: number): PushForm
  submit(): Promise<void>
  /** The form has led to the page of its task. @returns the task's id */
  saved(): Promise<string>
}

export interface PushForm {
  card: Locator
  name: Locator
  text: Locator
  /** 推送时间: a field such as `2026-11-25 09:30`, and the button 「现在」. */
  time: Locator
  minute: Locator
  pictures: Locator
  link: Locator
  setTime(text: string): Promise<void>
  /** 「现在」: the minute in which the form is sent. */
  now(): Promise<void>
  addPictures(...files: TestFile[]): Promise<void>
  dropPictures(...files: TestFile[]): Promise<void>
  pastePictures(...files: TestFile[]): Promise<void>
  /** The picture at that place, from 1. */
  picture(place: number, name: string): Locator
  /** No upload is under way any more. */
  uploaded(): Promise<void>
  addLink(link: { url: string; title: string; description?: string }): Promise<void>
}

export async function newTaskForm(page: Page): Promise<TaskForm> {
  await page.goto('/admin/tasks/new')
  return taskForm(page)
}

export function taskForm(page: Page): TaskForm {
  return {
    name: page.getByLabel('任务名称'),
    hint: page.getByLabel('提示员工'),
    executors: page.getByRole('group', { name: '执行范围' }),
    scope: (label) => page.getByRole('radiogroup', { name: '发送范围' }).getByText(label, { exact: true }).click(),
    choosePeople: (byDepartment) => choosePeople(page, byDepartment),
    addPush: () => page.getByRole('button', { name: /^添加推送/ }).click(),
    push: (number) => pushForm(page.getByRole('region', { name: `推送 ${number}` })),
    submit: () => page.getByRole('main').getByRole('button', { name: '确定', exact: true }).click(),
    async saved() {
      await page.waitForURL(/\/admin\/tasks\/(?!new$)[^/?]+$/)
      return page.url().split('/').at(-1)!
    },
  }
}

function pushForm(card: Locator): PushForm {
  const time = card.getByRole('group', { name: '推送时间', exact: true })
  const minute = time.getByRole('combobox', { name: '推送时间' })
  const pictures = card.getByRole('group', { name: '图片', exact: true })
  const link = card.getByRole('group', { name: '外链', exact: true })
  return {
    card,
    name: card.getByLabel('推送名称'),
    text: card.getByLabel('推送内容'),
    time,
    minute,
    pictures,
    link,
    async setTime(text) {
      await minute.fill(text)
      await minute.press('Enter')
    },
    now: () => time.getByRole('button', { name: '现在' }).click(),
    addPictures: (...files) => choose(card.getByLabel('选择图片'), files),
    dropPictures: (...files) => give(pictures.getByRole('list').first(), 'drop', files),
    pastePictures: (...files) => give(card.getByLabel('推送内容'), 'paste', files),
    picture: (place, name) => pictures.getByLabel(`第 ${place} 张：${name}`, { exact: true }),
    uploaded: () => expect(pictures.getByRole('progressbar')).toHaveCount(0),
    async addLink({ url, title, description = '' }) {
      await link.getByRole('button', { name: '添加外链' }).click()
      await link.getByLabel('链接地址').fill(url)
      await link.getByLabel('链接标题').fill(title)
      await link.getByLabel('链接描述').fill(description)
    },
  }
}

/** Everything that a task must have: one push, due now. */
export async function fillIn(form: TaskForm, name: string): Promise<void> {
  await form.name.fill(name)
  await form.choosePeople({ 上海南京西路店: ['张三'] })
  await form.push(1).name.fill(aPush().name)
  await form.push(1).text.fill(aPush().text)
  await form.push(1).now()
}

/** Gives files to a place as a hand or the clipboard does. */
async function give(place: Locator, how: 'drop' | 'paste', files: TestFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }))
  await place.evaluate(
    (element, { how, given }) => {
      const transfer = new DataTransfer()
      for (const { name, mimeType, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        transfer.items.add(new File([bytes], name, { type: mimeType }))
      }
      const event =
        how === 'drop'
          ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
      element.dispatchEvent(event)
    },
    { how, given },
  )
}

async function choosePeople(page: Page, byDepartment: Record<string, string[]>): Promise<void> {
  await page.getByRole('button', { name: '选择员工' }).click()
  const picker = page.getByRole('dialog', { name: '选择执行员工' })
  const people = picker.getByRole('region', { name: '员工', exact: true })
  for (const [department, names] of Object.entries(byDepartment)) {
    // The tree draws only what is in sight: one scrolls up to where one begins to look.
    await picker.getByRole('region', { name: '部门', exact: true }).hover()
    await page.mouse.wheel(0, -10_000)
    await picker.getByRole('treeitem', { name: department }).click()
    for (const name of names) {
      await people.getByText(name, { exact: true }).click()
      await expect(people.getByRole('option', { name, selected: true })).toBeVisible()
    }
  }
  await expect(picker.getByText(`已选 ${Object.values(byDepartment).flat().length}/`)).toBeVisible()
  await picker.getByRole('button', { name: '确定', exact: true }).click()
  await expect(picker).toBeHidden()
}
