import type { Page } from '@playwright/test'
import type { ApiError } from '@qimeng/contract'
import { scanAs } from './console.ts'
import { expect, test } from './fixtures.ts'
import { look } from './looks.ts'

const AGENT = '/cgi-bin/agent/get'
const MEMBERS = '/cgi-bin/user/list'

test('an administrator is found by pinyin, added, can log in, and is out the moment he is removed', async ({
  administrator,
  openBrowser,
  expecting,
}) => {
  const { page } = await administrator()
  const { admins, add } = await openSettings(page)
  await add.click()
  const dialog = page.getByRole('dialog', { name: '添加管理员' })
  await expect(dialog.getByLabel('搜索员工')).toBeFocused()
  await page.keyboard.type('zhangsan')
  await expect(dialog.getByRole('listitem').filter({ hasText: '张三zhangsan' })).toContainText('已是管理员')
  await dialog.getByLabel('搜索员工').fill('lisi')
  await dialog.getByRole('button', { name: '添加李四（lisi）' }).click()
  await expect(dialog).toBeHidden()
  await expect(add).toBeFocused()
  await expect(admins.getByRole('listitem').filter({ hasText: '李四' })).toContainText('由林建国添加')

  const newcomer = await (await openBrowser()).newPage()
  await newcomer.goto('/admin/settings')
  await newcomer.getByRole('button', { name: '企业微信扫码登录' }).click()
  await scanAs(newcomer, '李四')
  const own = newcomer.getByRole('listitem').filter({ hasText: '李四' })
  await expect(own.getByText('我', { exact: true })).toBeVisible()

  const remove = admins.getByRole('button', { name: '移除李四' })
  await remove.click()
  const question = page.getByRole('dialog', { name: '移除管理员' })
  await expect(question).toContainText('移除后，「李四」会立即退出，不能再登录管理后台。')
  await page.keyboard.press('Escape')
  await expect(remove).toBeFocused()
  await remove.click()
  await question.getByRole('button', { name: '移除', exact: true }).click()
  await expect(admins).not.toContainText('李四')

  expecting(/401.*\/api\/console\//)
  await newcomer.reload()
  await expect(newcomer.getByRole('button', { name: '企业微信扫码登录' })).toBeVisible()
})

test('all logins of a person end at once, his own or another administrator’s', async ({ administrator, expecting }) => {
  const { page } = await administrator()
  const zhangsan = await administrator('张三')
  const { admins } = await openSettings(page)
  await admins.getByRole('button', { name: '强制退出张三' }).click()
  await page.getByRole('button', { name: '强制退出', exact: true }).click()
  await expect(page.getByText('已结束「张三」的全部登录')).toBeVisible()
  expecting(/401.*\/api\/console\/|403.*\/login/)
  await zhangsan.page.goto('/admin/messages')
  await expect(zhangsan.page.getByRole('button', { name: '企业微信扫码登录' })).toBeVisible()

  const own = page.getByRole('region', { name: '顶栏' }).getByRole('button', { name: '林建国' })
  await own.click()
  const dialog = page.getByRole('dialog', { name: '我的登录' })
  await expect(dialog.getByRole('listitem').filter({ hasText: '本次登录' })).toHaveCount(1)
  await look(page, 'sessions')
  await page.keyboard.press('Escape')
  await expect(own).toBeFocused()
  await own.click()
  await dialog.getByRole('button', { name: '退出全部登录' }).click()
  await expect(page.getByRole('button', { name: '企业微信扫码登录' })).toBeVisible()
  await page.goto('/admin/settings')
  await expect(page.getByRole('button', { name: '企业微信扫码登录' })).toBeVisible()
})

test('the last administrator stays, on the page and at the server', async ({ administrator }) => {
  const { page, call } = await administrator()
  const { admins } = await openSettings(page)
  await admins.getByRole('button', { name: '移除张三' }).click()
  await page.getByRole('button', { name: '移除', exact: true }).click()
  await expect(admins.getByRole('listitem')).toHaveCount(1)
  await expect(admins).toContainText('最后一位，不能移除')
  await expect(admins.getByRole('button', { name: /^移除/ })).toHaveCount(0)
  await expect(call('DELETE /api/console/admins/:userid', { params: { userid: 'linjianguo' } })).rejects.toMatchObject({
    status: 409,
    message: '至少要保留一位管理员',
  } satisfies Partial<ApiError>)
  await call('POST /api/console/admins', { body: { userid: 'zhangsan' } })
})

test('the directory is copied at a press, and says what went wrong', async ({ administrator, wecom, expecting }) => {
  const { page, call } = await administrator()
  const { directory } = await openSettings(page)
  const before = (await call('GET /api/console/directory')).people
  const [department] = (await wecom.corp()).departments.filter(({ name }) => name === '上海南京西路店')
  await wecom.hire({ userid: 'xinren', name: '新人甲', departments: [department!.id] })
  await directory.getByRole('button', { name: '立即同步' }).click()
  await expect(page.getByText(`已同步 ${before + 1} 人`)).toBeVisible()
  await expect(directory).toContainText(`${before + 1} 人`)
  await expect(directory).toContainText(/上次同步今天 \d\d:\d\d/)

  expecting(/directory/)
  await wecom.refuse(MEMBERS, 60020)
  await directory.getByRole('button', { name: '立即同步' }).click()
  await expect(directory.getByRole('alert')).toContainText('企业可信IP')
  await wecom.noFaults()
  await directory.getByRole('button', { name: '立即同步' }).click()
  await expect(directory.getByRole('alert')).toHaveCount(0)
})

test('the configuration check names what is wrong, how to cure it, and when it is cured', async ({
  administrator,
  wecom,
}) => {
  const { page } = await administrator()
  await wecom.refuse(AGENT, 60020)
  const { check } = await openSettings(page)
  const connection = check.getByRole('listitem').filter({ hasText: '企业微信连接' })
  await expect(connection).toContainText('有问题')
  await expect(connection).toContainText('企业微信返回错误 60020')
  await expect(connection).toContainText('请在应用详情页的「企业可信IP」中添加')
  await expect(check).toContainText(/\d 项需要处理/)
  await look(page, 'settings-1440-refused')

  await wecom.noFaults()
  await check.getByRole('button', { name: '重新检查' }).click()
  await expect(connection).toContainText('正常')
  await expect(connection).toContainText('已连接应用「企盟助手」')
})

test('the audit log says who did what, page by page, and when it cannot be read', async ({
  administrator,
  expecting,
}) => {
  const { page, call } = await administrator()
  for (let time = 1; time <= 8; time += 1) {
    await call('POST /api/console/admins', { body: { userid: 'lisi' } })
    await call('DELETE /api/console/admins/:userid', { params: { userid: 'lisi' } })
  }
  const { log } = await openSettings(page)
  const rows = log.getByRole('row')
  await expect(rows.nth(1)).toContainText(/\d\d:\d\d.*林建国.*移除管理员.*李四/)
  await expect(rows).toHaveCount(16)
  await log.getByRole('button', { name: '下一页' }).click()
  await expect(rows.nth(1)).toContainText('添加管理员')
  await expect(log).toContainText('登录管理后台')
  await log.getByRole('button', { name: '上一页' }).click()
  await expect(rows.nth(1)).toContainText('移除管理员')
  await log.scrollIntoViewIfNeeded()
  await look(page, 'settings-audit')

  const filters = log.getByRole('search', { name: '筛选操作记录' })
  const choose = async (filter: string, option: string) => {
    await filters.getByRole('combobox', { name: filter, exact: true }).press('Enter')
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  await choose('操作', '添加管理员')
  await expect(rows.filter({ hasText: '移除管理员' })).toHaveCount(0)
  await expect(rows.nth(1)).toContainText('添加管理员')
  await choose('操作人', '林建国')
  await expect(page).toHaveURL(/actor=linjianguo/)
  await page.reload()
  await expect(rows.nth(1)).toContainText(/林建国.*添加管理员.*李四/)
  await look(page, 'settings-audit-filtered')
  await page.goto('/admin/settings?action=admin.add&from=2020-01-01&to=2020-01-02')
  await expect(log.getByText('没有符合条件的记录')).toBeVisible()
  await log.scrollIntoViewIfNeeded()
  await look(page, 'settings-audit-nothing')
  await log.getByRole('button', { name: '清除筛选' }).last().click()
  await expect(page).toHaveURL(/settings$/)
  await expect(rows).toHaveCount(16)

  expecting(/audit/)
  await page.route('**/api/console/audit?*', (route) => route.abort())
  await page.reload()
  await expect(log.getByRole('alert')).toContainText('没能加载出来')
  await page.unroute('**/api/console/audit?*')
  await log.getByRole('button', { name: '重试' }).click()
  await expect(rows.nth(1)).toContainText('移除管理员')
})

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
] as const) {
  test(`looks right at ${width} px`, async ({ administrator, wecom, expecting }) => {
    expecting(/directory/)
    const { page, call } = await administrator('林建国', { viewport: { width, height } })
    await wecom.refuse(MEMBERS, 60020)
    await call('POST /api/console/directory/sync')
    const { directory, add } = await openSettings(page)
    await expect(directory.getByRole('alert')).toBeVisible()
    await look(page, `settings-${width}`)
    await add.click()
    const dialog = page.getByRole('dialog', { name: '添加管理员' })
    await expect(dialog.getByRole('listitem').first()).toBeVisible()
    await look(page, `settings-${width}-add`)
    await dialog.getByLabel('搜索员工').fill('没有这个人')
    await expect(dialog.getByText('没有找到员工，换个关键词试试')).toBeVisible()
    await look(page, `settings-${width}-nobody`)
    await wecom.noFaults()
    await call('POST /api/console/directory/sync')
    await expect.poll(async () => (await call('GET /api/console/directory')).lastError).toBeNull()
  })
}

async function openSettings(page: Page) {
  await page.goto('/admin/settings')
  const admins = page.getByRole('region', { name: '管理员' })
  await expect(admins.getByRole('listitem').first()).toBeVisible()
  return {
    admins,
    add: admins.getByRole('button', { name: '添加管理员' }),
    directory: page.getByRole('region', { name: '通讯录' }),
    check: page.getByRole('region', { name: '配置检查' }),
    log: page.getByRole('region', { name: '操作记录' }),
  }
}
