import type { MyPush } from '@qimeng/contract'

// Loaded beside the app and much smaller: on a slow line the answers are on their way while the app still is. A page is only
// given to who has a session, so there is nothing to wait for.

/** A page whose content takes longer (ms) shows by itself that it waits. */
const PATIENCE_MS = 2000

const { pathname } = window.location
const [, pushId] = /^\/m\/pushes\/([\w-]+)(?:\/proof)?$/.exec(pathname) ?? []

// Those whose login was refused have nothing to ask.
const session = /^\/m\/(?!refused$)/.test(pathname) ? '/api/me/session' : undefined
const content = pushId === undefined ? undefined : `/api/me/pushes/${pushId}`

const answers = new Map<string, Promise<string | undefined>>()
for (const url of [content, session]) if (url) answers.set(url, ask(url))

async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url)
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}

/** Resolves when the page's content is there, could not be had or takes too long; at once where none was asked for. */
export const contentArrived: Promise<unknown> =
  content === undefined
    ? Promise.resolve()
    : Promise.race([answers.get(content), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])

// Asked for by the page itself they would come behind all the code it loads after it is drawn. The proof's page shows none.
if (content && !pathname.endsWith('/proof')) void answers.get(content)!.then(fetchPictures)

function fetchPictures(answer: string | undefined): void {
  for (const url of picturesOf(answer)) new Image().src = url
}

/** Those that NineGrid.vue and LinkCard.vue show of this push. */
function picturesOf(answer: string | undefined): string[] {
  try {
    const { images, link } = JSON.parse(answer ?? '{}') as MyPush
    if (link?.cover) return [link.cover.thumb]
    const single = images.length === 1 ? images[0] : undefined
    return single ? [single.screen, single.thumb] : images.map(({ thumb }) => thumb)
  } catch {
    // No answer, or half of one: who needs it asks again and says what is wrong.
    return []
  }
}

/**
 * The answer to this question, if it was asked early; for the first who wants it, since it may be old for the next.
 * Undefined when there is none, or none that is good: then it is asked as usual.
 */
export function takeEarlyAnswer(url: string): Promise<string | undefined> | undefined {
  const answer = answers.get(url)
  answers.delete(url)
  return answer
}
