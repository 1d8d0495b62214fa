import type { Page } from '@playwright/test'
import type { ConsoleApi, EndpointAt, ReplyOf, RouteOf } from '@qimeng/contract'
import type { Watch } from './watch.ts'

/** No answer ever comes. */
export const NEVER = Symbol('never')
/** The server is out of order. */
export const FAILS = Symbol('fails')

type Reply<Route extends RouteOf<ConsoleApi>> = ReplyOf<EndpointAt<ConsoleApi, Route>>
type Answer<Route extends RouteOf<ConsoleApi>> =
  | typeof NEVER
  | typeof FAILS
  | Reply<Route>
  /** The server's own answer, changed. */
  | ((real: Reply<Route>) => Reply<Route>)

/** What the server is to answer to some endpoints, to bring a page into a state that takes luck or years to come about. */
export type Answers = { [Route in RouteOf<ConsoleApi>]?: Answer<Route> }

const OUT_OF_ORDER = {
  code: 'unavailable',
  message: '服务暂时不可用，请稍后重试',
  requestId: '01KADZZ3K7M0PZ2X8Q9V5B6NTR',
}

/** From now on the page's calls are answered like this; all others reach the server. */
export async function answer(page: Page, answers: Answers, expecting: Watch['expecting']): Promise<void> {
  for (const [endpoint, given] of Object.entries(answers)) {
    const [method, path] = endpoint.split(' ') as [string, string]
    const pattern = path.replaceAll(/:\w+/g, '[^/]+')
    const isMeant = new RegExp(`^${pattern}$`)
    if (given === FAILS) expecting(new RegExp(`503.*${pattern}`))
    await page.route(
      ({ pathname }) => isMeant.test(pathname),
      async (route) => {
        if (route.request().method() !== method) return route.fallback()
        if (given === NEVER) return
        if (given === FAILS) return route.fulfill({ status: 503, json: OUT_OF_ORDER })
        if (typeof given !== 'function') return route.fulfill({ json: given })
        const response = await route.fetch()
        const change = given as (real: unknown) => unknown
        await route.fulfill({ response, json: change(await response.json()) })
      },
    )
  }
}

/** As long as PRODUCT.md 2 and WeCom allow, and a word nobody can break in a good place. */
const LONG = {
  name: '二〇二六冬季大促暨年终答谢会Wolfeschlegelstei',
  person: '阿卜杜热西提·买买提艾力·吐尔逊江·克里木别克·努尔买买提',
  department: '华东大区直营事业部/上海分公司/浦东片区第一直营门店群/陆家嘴正大广场旗舰店',
  hint: '请在今天下班以前发表到微信朋友圈和企业微信朋友圈，三天内不要删除，发完记得上传两张截图，谢谢大家一起努力',
  text: '冬日上新，暖意到店，全场两件八折，会员折上再返五十元券。'.repeat(8).slice(0, 200),
  title: '冬日上新，暖意到店，全场两件八折，会员折上再返五十元券，活动仅限今明两天，先到先得，售完即止，欢迎转发给朋友',
  body: '任务卡片没有送达的原因由企业微信给出，可能很长。'.repeat(10),
  cardReason: '企业微信返回：invaliduser，成员不在应用的可见范围内，或者已经停用、离职',
  message: 'https://example.com/api/console/a-very-long-word-without-any-place-to-break-it/'.repeat(2),
}

/** The same reply with every word in it as long as it may be. */
export function lengthened<Reply>(reply: Reply): Reply {
  if (Array.isArray(reply)) return reply.map((each) => lengthened(each as unknown)) as Reply
  if (typeof reply !== 'object' || reply === null) return reply
  const isPerson = 'userid' in reply
  const entries = Object.entries(reply).map(([key, value]) => {
    if (typeof value !== 'string' || value === '') return [key, lengthened(value as unknown)]
    return [key, key === 'name' && isPerson ? LONG.person : (LONG[key as keyof typeof LONG] ?? value)]
  })
  return Object.fromEntries(entries) as Reply
}
