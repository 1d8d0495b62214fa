import type { BrowserContext, FrameLocator, Locator, Page } from '@playwright/test'
import type { Wecom } from './wecom.ts'

/** Somebody's phone with WeCom on it. */
export interface Phone {
  page: Page
  /** The in-app browser: what the app shows. */
  inApp: FrameLocator
}

export async function openPhone(context: BrowserContext, wecom: Wecom, userid: string): Promise<Phone> {
  const { people } = await wecom.corp()
  const person = people.find((each) => each.userid === userid)
  if (!person) throw new Error(`nobody here is ${userid}`)
  const page = await context.newPage()
  await page.goto(person.phone)
  const inApp = page.frameLocator('iframe')
  return { page, inApp }
}
