import { startOfMinute } from '@qimeng/contract'
import { aPoster } from '../../../../scripts/seed/pictures.ts'
import { logIn } from '../../../../scripts/seed/visitor.ts'
import { aPush } from '../faults/helpers.ts'
import { sqliteFiles } from '../faults/databases.ts'
import { type Rig, rigOn } from '../faults/rig.ts'
import type { Figure } from '../figures.ts'
import { interleaved, median } from '../measure.ts'
import type { Scale } from '../scale.ts'
import { buildApp, serveBarePage } from './pages.ts'
import { type Cookie, openBrowser, visitCold } from './visit.ts'

const TEXT = '秋冬新品到店啦，三楼中庭每晚七点半有手作体验。\n前一百位到店有礼，名额有限，先到先得，欢迎带朋友一起来。'
const PICTURES = 3

/**
 * P9: the page of a card, opened cold on a slow phone, beside a page made of the same libraries that makes the same call and
 * shows the same content.
 */
export async function phone({ phone: { fresh, slow }, rounds }: Scale): Promise<Figure[]> {
  await buildApp(fresh)
  return rigOn(sqliteFiles)({}, async (rig) => {
    const pushes = await issuePushes(rig)
    const cookies = await sessionOf(rig, 'zhangsan')
    const { serverUrl } = rig.at
    const bare = await serveBarePage(serverUrl)
    const browser = await openBrowser()
    try {
      const visit = (url: string) => () => visitCold(browser, { url, cookies, text: TEXT.slice(0, 10), slow })
      const figures: Figure[] = []
      for (const [content, pushId] of Object.entries(pushes)) {
        const visits = [visit(`${serverUrl}/m/pushes/${pushId}`), visit(`${bare.url}/pushes/${pushId}`)]
        const [ours, theirs] = (await interleaved(visits, rounds)).map(median)
        const what = `P9 task opened cold, ${content}: largest paint`
        figures.push({ what, ours: ours!, bare: theirs!, unit: 'ms', bar: { atMost: 1 } })
      }
      return figures
    } finally {
      await browser.close()
      await bare.stop()
    }
  })
}

/** Pushes for 张三 that are out. @returns their ids */
async function issuePushes(rig: Rig): Promise<Record<string, string>> {
  const images: string[] = []
  for (let number = 0; number < PICTURES; number++) {
    const image = await aPoster(number)
    images.push((await rig.admin('POST /api/console/images', { image })).id)
  }
  const issue = async (some: string[]) => {
    const launched = await rig.launch({ pushes: [{ ...aPush(startOfMinute(rig.now())), text: TEXT, images: some }] })
    await rig.settled([launched])
    return launched.pushId
  }
  return { 'three pictures': await issue(images), 'one picture': await issue(images.slice(0, 1)) }
}

async function sessionOf(rig: Rig, userid: string): Promise<Cookie[]> {
  const { defaults } = await logIn(rig.at, '/auth/me', userid)
  const pairs = String(defaults.headers.common['Cookie']).split('; ')
  return pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('='), domain: 'localhost', path: '/' }
  })
}
