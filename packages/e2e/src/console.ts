import type { Cookie, Page } from '@playwright/test'
import { createCaller, type Caller, type ConsoleApi } from '@qimeng/contract'
import axios from 'axios'

/** How an administrator's browser calls the server, with its session: for what a page would never send. */
export async function callAs(page: Page, publicUrl: string): Promise<Caller<ConsoleApi>> {
  return callWith(await page.context().cookies(publicUrl), publicUrl)
}

/** How the browser that has these cookies calls the server. */
export function callWith(cookies: Cookie[], publicUrl: string): Caller<ConsoleApi> {
  const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  return createCaller<ConsoleApi>(axios.create({ baseURL: publicUrl, proxy: false, headers: { Cookie } }))
}

/** At WeCom's login page: scans with the phone of that person, and confirms. */
export async function scanAs(page: Page, name: string): Promise<void> {
  await page.getByRole('searchbox', { name: '搜索姓名或账号' }).fill(name)
  // Then what was found has taken the place of the list: a click in between would hit neither.
  await page.waitForURL((url) => url.searchParams.get('q') === name)
  await page.getByRole('button', { name, exact: true }).click()
}

/** 「企业微信扫码登录」, then the phone of that name scans. */
export async function logIn(page: Page, name: string): Promise<void> {
  await page.goto('/admin/')
  await page.getByRole('button', { name: '企业微信扫码登录' }).click()
  await scanAs(page, name)
  await page.waitForURL('**/admin/tasks')
}
