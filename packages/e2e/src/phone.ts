import type { BrowserContext, FrameLocator, Page } from '@playwright/test'
import type { Wecom } from './wecom.ts'

/** Somebody's phone with WeCom on it. */
export interface Phone {
  page: Page
  /** What the app shows in WeCom's in-app browser. */
  inApp: FrameLocator
  /** Opens an address of the app, `/m/…`, as from a card or a chat. */
  openLink(path: string): Promise<void>
}

export async function openPhone(context: BrowserContext, wecom: Wecom, userid: string): Promise<Phone> {
  const { appUrl, people } = await wecom.corp()
  const person = people.find((each) => each.userid === userid)
  if (!person) throw new Error(`nobody here is ${userid}`)
  const page = await context.newPage()
  await page.goto(person.phone)
  return {
    page,
    inApp: page.frameLocator('iframe'),
    async openLink(path) {
      await page.goto(new URL(`browser?${new URLSearchParams({ url: appUrl + path })}`, person.phone).href)
    },
  }
}
