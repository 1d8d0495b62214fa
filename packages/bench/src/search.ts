import { loads, reqPerSecond } from './load.ts'
import type { Figure } from './figures.ts'
import type { Scale } from './scale.ts'
import { serveTasks } from './servers.ts'

/** What administrators type: one and two characters, rare and in every second name, whole words, people. */
const KEYWORDS = ['凤', '春', '凤凰', '春节', '活动', '春节新品', '没有这个', '王伟', 'zhangfang', '王']

/** P2: the list with a keyword, beside the list without one, from the same server. */
export async function search(scale: Scale): Promise<Figure[]> {
  const server = await serveTasks(scale)
  try {
    const targets = ['', ...KEYWORDS].map((keyword) => ({ url: server.listUrl({ keyword }), used: server.used }))
    const [plain, ...searches] = (await loads(targets, server.people, scale)).map(reqPerSecond)
    return KEYWORDS.map((keyword, at) => ({
      what: `P2 list, keyword 「${keyword}」 / without`,
      ...{ ours: searches[at]!, bare: plain!, unit: 'req/s', bar: { atLeast: 0.25 } },
    }))
  } finally {
    await server.stop()
  }
}
