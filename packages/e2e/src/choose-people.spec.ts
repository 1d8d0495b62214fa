import type { Page } from '@playwright/test'
import { type Administrator, expect, test } from './fixtures.ts'
import { look } from './looks.ts'
import { openPicker, picker } from './picker.ts'
import { newTaskForm } from './task-form.ts'
import { aTask } from './tasks.ts'

// A chain of some 500 stores of 45 people each: PRODUCT.md asks for 10,000 people and 500 departments.
// By its name the file comes first: at the end others would wait until this company is founded.
test.use({ people: 22_000 })

/** A frame is dropped after 16 ms, a wait is felt after 100: this much work of the page itself is not noticed as one. */
const UNNOTICED = 200
const STORE = '上海南京西路店'
const SECOND_STORE = '上海徐家汇店'
const THIRD_STORE = '杭州湖滨店'
const REGION = '华东大区'

test('opens, scrolls and searches among 22,000 people of 500 departments without lag', async ({ administrator }) => {
  const { page, call } = await bigCompany(administrator)
  const { departments } = await call('GET /api/console/departments')
  expect(departments.length).toBeGreaterThanOrEqual(500)
  await newTaskForm(page)
  await expect(page.getByRole('button', { name: '选择员工' })).toBeVisible()
  const { dialog, people, person, search } = picker(page)
  const work = await stopwatch(page)

  await work('opens', {
    async go() {
      await openPicker(page)
      await expect(people).toBeVisible()
      await expect(dialog.getByRole('treeitem', { name: STORE })).toBeVisible()
    },
    async back() {
      await page.keyboard.press('Escape')
      await expect(dialog).toBeHidden()
    },
  })
  await openPicker(page)
  await expect(search).toBeFocused()
  await work('a letter is typed', {
    async go() {
      await search.press('z')
      await expect(dialog.getByText(/^找到 \d+ 人$/)).toBeVisible()
    },
    async back() {
      await search.fill('')
      await expect(person('阿依古丽')).toBeVisible()
    },
  })
  await people.hover()
  await work('ten turns of the wheel', {
    async go() {
      for (let turn = 0; turn < 10; turn++) await page.mouse.wheel(0, 400)
      await expect(person('阿依古丽')).toHaveCount(0)
    },
    async back() {
      await page.mouse.wheel(0, -10_000)
      await expect(person('阿依古丽')).toBeVisible()
    },
  })
  await work('a department is searched for', {
    async go() {
      await dialog.getByLabel('查找部门').fill('南京西路')
      await expect(dialog.getByRole('treeitem')).toHaveCount(2)
    },
    back: () => dialog.getByLabel('查找部门').fill(''),
  })

  // All 22,000 come, in some twenty pages, and still only those in sight are drawn.
  await people.press('End')
  await expect(people.getByRole('option').last()).toHaveAccessibleName(/^朱梓萱/)
  expect(await dialog.getByRole('option').count()).toBeLessThan(40)
})

test('finds people by name, pinyin, initials, account and mixtures of them', async ({ administrator }) => {
  const { page } = await bigCompany(administrator)
  await newTaskForm(page)
  const { dialog, search, people, person } = await openPicker(page)
  for (const typed of ['阿依古丽', 'ayiguli', 'aygl', '阿y古']) {
    await search.fill(typed)
    await expect(people.getByRole('option'), typed).toHaveCount(1)
    await expect(person('阿依古丽'), typed).toBeVisible()
  }
  await expect(person('阿依古丽').locator('mark').first()).toHaveText('阿')
  await search.fill('𬎆')
  await expect(person('李𬎆')).toBeVisible()
  await search.fill('Alice.Wang')
  await expect(person('王爱丽')).toBeVisible()
  await search.fill('没有这个人')
  await expect(dialog.getByText('没有找到员工，换个关键词或部门试试')).toBeVisible()
})

test('takes a department as a whole, and says before that it does not fit', async ({ administrator }) => {
  const { page } = await bigCompany(administrator)
  const form = await newTaskForm(page)
  const { dialog, department, wholeDepartment, notes, chosen, counter, remove, done } = await openPicker(page)
  const checkbox = dialog.getByRole('checkbox', { name: /^全选本部门/ })

  await department(REGION).click()
  await expect(notes).toHaveText(/^还可选 100 人，本部门有 \d{4} 人，不能全选$/)
  await expect(checkbox).toBeDisabled()

  await department(STORE).click()
  await expect(notes).toHaveCount(0)
  await wholeDepartment.click()
  await expect(checkbox).toBeChecked()
  await expect(counter).toHaveText('已选 45/100')
  await chosen.getByLabel('在已选中查找').fill('张三')
  await remove('张三')
  await expect(counter).toHaveText('已选 44/100')
  await expect(checkbox).not.toBeChecked()
  await wholeDepartment.click()
  await expect(counter).toHaveText('已选 45/100')

  await department(SECOND_STORE).click()
  await wholeDepartment.click()
  await expect(counter).toHaveText('已选 90/100')
  await department(THIRD_STORE).click()
  await expect(notes).toHaveText(/^还可选 10 人，本部门有 \d+ 人，不能全选$/)
  for (let index = 0; index < 10; index++) await dialog.getByRole('option').nth(index).click()
  await expect(notes).toHaveText('已经选满 100 人，移除后才能再选')
  // Playwright would wait until it is enabled.
  await dialog.getByRole('option').nth(10).click({ force: true })
  await expect(counter).toHaveText('已选 100/100')
  await expect(dialog.getByRole('option').nth(10)).toBeDisabled()

  await department(STORE).click()
  await expect(checkbox).toBeChecked()
  await wholeDepartment.click()
  await expect(counter).toHaveText('已选 55/100')
  await done()
  await expect(form.executors).toContainText('已选 55/100')
})

test('is used by keyboard alone, keeps the focus in, and gives it back', async ({ administrator }) => {
  const { page } = await bigCompany(administrator)
  const form = await newTaskForm(page)
  const opener = page.getByRole('button', { name: '选择员工' })
  const { dialog, search, people, person, chosen, counter } = picker(page)
  const rows = chosen.getByRole('grid')

  await opener.focus()
  await page.keyboard.press('Enter')
  await expect(search).toBeFocused()
  await page.keyboard.type('ayiguli')
  await expect(people.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await expect(people).toBeFocused()
  await page.keyboard.press('Space')
  await expect(person('阿依古丽')).toHaveAttribute('aria-selected', 'true')
  await expect(counter).toHaveText('已选 1/100')
  await page.keyboard.press('Tab')
  await expect(chosen.getByRole('button', { name: '清空' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(rows).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(counter).toHaveText('已选 0/100')
  await expect(search).toBeFocused()

  // All the way round, twice: never out.
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press('Tab')
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  }
  const tree = dialog.getByRole('tree', { name: '部门' })
  await tree.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('treeitem', { name: '市场品牌部', selected: true })).toBeVisible()
  await tree.press('End')
  await tree.hover()
  await page.mouse.wheel(0, -100_000)
  await dialog.getByRole('treeitem', { name: '总部职能中心' }).locator('.arrow').click()
  await tree.press('Enter')
  await expect(dialog.getByRole('treeitem', { selected: true })).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(opener).toBeFocused()
  await expect(form.executors).toContainText('已选 0/100')
})

test('names who has left, and removes them at once', async ({ administrator, wecom }) => {
  const { page, call } = await bigCompany(administrator)
  const { rows } = await call('GET /api/console/people', { query: { keyword: '曾诗涵', limit: 2 } })
  const [leaver, stays] = rows as [(typeof rows)[0], (typeof rows)[0]]
  const { id } = await call('POST /api/console/tasks', {
    body: aTask({ name: '有人离职', executors: [leaver.userid, stays.userid] }),
  })
  await wecom.dismiss(leaver.userid)
  await call('POST /api/console/directory/sync')
  await expect
    .poll(async () => (await call('GET /api/console/people', { query: { keyword: leaver.userid } })).rows)
    .not.toContainEqual(leaver)

  await page.goto(`/admin/tasks/${id}/edit`)
  const { chosen, counter, done } = await openPicker(page)
  await expect(chosen).toContainText('1 人已离职')
  await look(page, 'picker-1440-left')
  await chosen.getByRole('button', { name: '全部移除' }).click()
  await expect(counter).toHaveText('已选 1/100')
  await expect(chosen).not.toContainText('已离职')
  await done()
  await expect(page.getByRole('group', { name: '执行范围' })).toContainText('已选 1/100')
})

test('says that it is loading, what went wrong, and tries again', async ({ administrator, expecting }) => {
  const { page } = await bigCompany(administrator)
  await newTaskForm(page)
  expecting(/ERR_FAILED.*\/api\/console\/(people|departments)/)
  expecting(/Failed to load resource.*\/api\/console\/(people|departments)/)
  await page.route(/\/api\/console\/(people|departments)/, (route) => route.abort())
  const { dialog, people, person } = await openPicker(page)
  await expect(dialog.getByRole('alert')).toHaveCount(2)
  await look(page, 'picker-1440-error')

  await page.unroute(/\/api\/console\/(people|departments)/)
  const slow = Promise.withResolvers<void>()
  await page.route(/\/api\/console\/people/, async (route) => {
    await slow.promise
    await route.continue()
  })
  for (const again of await dialog.getByRole('button', { name: '重试' }).all()) await again.click()
  await expect(dialog.getByLabel('正在加载员工')).toBeVisible()
  slow.resolve()
  await expect(people).toBeVisible()
  await expect(person('阿依古丽')).toBeVisible()
  await expect(dialog.getByRole('treeitem', { name: STORE })).toBeVisible()
})

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
] as const) {
  test(`looks right at ${width} px`, async ({ administrator }) => {
    const { page } = await bigCompany((name) => administrator(name, { viewport: { width, height } }))
    await newTaskForm(page)
    const { dialog, search, department, wholeDepartment, person, counter } = await openPicker(page)
    await expect(person('阿依古丽')).toBeVisible()
    await look(page, `picker-${width}-open`)
    await department(STORE).click()
    await wholeDepartment.click()
    await expect(counter).toHaveText('已选 45/100')
    await department(REGION).click()
    await expect(dialog.getByText(/不能全选$/)).toBeVisible()
    await look(page, `picker-${width}-too-many`)
    await search.fill('没有这个人')
    await expect(dialog.getByText('没有找到员工，换个关键词或部门试试')).toBeVisible()
    await look(page, `picker-${width}-nobody`)
  })
}

/** An administrator whose server has copied the directory. */
async function bigCompany(administrator: (name?: string) => Promise<Administrator>): Promise<Administrator> {
  const person = await administrator()
  await expect
    .poll(async () => (await person.call('GET /api/console/directory')).lastFinishedAt, { timeout: 180_000 })
    .not.toBeNull()
  return person
}

interface Move {
  go(): Promise<void>
  back(): Promise<void>
}

/**
 * Measures what the page's own thread computes in a move (CPU time: other processes of the machine do not count) and prints
 * it. The least of three, since a browser that has just begun compiles what it runs.
 */
async function stopwatch(page: Page): Promise<(what: string, move: Move) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const spent = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000
  }
  return async (what, { go, back }) => {
    const times: number[] = []
    for (let round = 0; round < 3; round++) {
      const before = await spent()
      await go()
      times.push(Math.round((await spent()) - before))
      await back()
    }
    process.stdout.write(`    ${what}: ${times.join(', ')} ms of the page's thread\n`)
    expect.soft(Math.min(...times), what).toBeLessThan(UNNOTICED)
  }
}
