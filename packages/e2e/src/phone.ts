import { type BrowserContext, expect, type Frame, type FrameLocator, type Page } from '@playwright/test'
import type { TestFile } from './pictures.ts'
import type { Wecom } from './wecom.ts'

/** Somebody's phone with WeCom on it. */
export interface Phone {
  page: Page
  /** What the app shows in WeCom's in-app browser. */
  inApp: FrameLocator
  /** 消息 → 企盟助手. */
  openChat(): Promise<void>
  /** The app's own frame, to look into. */
  app(): Promise<Frame>
  /** The back button of WeCom's in-app browser. */
  back(): Promise<void>
  /** 消息 → 企盟助手 → the card with these words. */
  openCard(words: string): Promise<void>
  /** 工作台 → 企盟助手. */
  openWorkbench(): Promise<void>
  /** Opens an address of the app, `/m/…`, as from a chat. */
  openLink(path: string): Promise<void>
  /** In WeCom's own viewer: saves so many pictures, one after the other, and closes it. */
  savePictures(count: number): Promise<void>
  /** ··· → 转发朋友圈 → 粘贴, add the newest pictures of the album, oldest first → 发表. */
  publishToMoments(pictures: number): Promise<void>
  /** On the page 上传发送凭证: chooses screenshots, waits for each, confirms. */
  uploadProof(...screenshots: TestFile[]): Promise<void>
}

export async function openPhone(context: BrowserContext, wecom: Wecom, userid: string): Promise<Phone> {
  const { appUrl, people } = await wecom.corp()
  const person = people.find((each) => each.userid === userid)
  if (!person) throw new Error(`nobody here is ${userid}`)
  const page = await context.newPage()
  const inApp = page.frameLocator('iframe')
  const dialog = (name: string) => page.getByRole('dialog', { name })

  const openChat = async () => {
    await page.goto(person.phone)
    await page.getByRole('link', { name: /^企盟助手/ }).click()
  }

  return {
    page,
    inApp,
    openChat,
    async app() {
      return (await (await page.locator('iframe').elementHandle())!.contentFrame())!
    },
    async back() {
      await page.getByRole('button', { name: '返回' }).click()
    },
    async openCard(words) {
      await openChat()
      await page.getByRole('article').filter({ hasText: words }).getByRole('link').click()
    },
    async openWorkbench() {
      await page.goto(person.phone)
      await page.getByRole('link', { name: '工作台' }).click()
      await page.getByRole('link', { name: '企盟助手' }).click()
    },
    async openLink(path) {
      await page.goto(new URL(`browser?${new URLSearchParams({ url: appUrl + path })}`, person.phone).href)
    },
    async savePictures(count) {
      const viewer = dialog('图片查看器')
      for (let saved = 1; saved <= count; saved++) {
        await viewer.getByRole('button', { name: '保存图片' }).click()
        await expect.poll(() => wecom.albumOf(userid)).toHaveLength(saved)
        if (saved < count) await viewer.getByRole('button', { name: '下一张' }).click()
      }
      await viewer.getByRole('button', { name: '关闭' }).click()
    },
    async publishToMoments(pictures) {
      await page.getByRole('button', { name: '更多' }).click()
      await page.getByRole('button', { name: '转发朋友圈' }).click()
      const composer = dialog('发表到微信朋友圈')
      await composer.getByRole('button', { name: '移除链接' }).click()
      await composer.getByRole('button', { name: '粘贴' }).click()
      await composer.getByRole('button', { name: '从相册添加' }).click()
      const album = dialog('选择图片')
      // The album shows the newest first.
      for (let index = pictures - 1; index >= 0; index--) await album.locator('.tile').nth(index).click()
      await album.getByRole('button', { name: `完成(${pictures})` }).click()
      await composer.getByRole('button', { name: '发表', exact: true }).click()
      await expect(composer).toBeHidden()
    },
    async uploadProof(...screenshots) {
      await inApp.getByLabel('上传发送凭证').setInputFiles(screenshots)
      await expect(inApp.getByText('已上传', { exact: true })).toHaveCount(screenshots.length)
      await inApp.getByRole('button', { name: '确认' }).click()
      await expect(inApp.getByRole('heading', { name: '提交成功' })).toBeVisible()
    },
  }
}
