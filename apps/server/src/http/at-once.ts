import { Refusal } from '../refusal.ts'

/** What a page sends again soon, in seconds. */
const SOON = 5

/**
 * Lets one person do at most so many of something at the same time: a picture is kept in memory while it arrives, however
 * slowly that is.
 * @returns takes a place and gives back how to leave it @throws {Refusal} too_many_requests
 */
export function atOnce(most: number) {
  const places = new Map<string, number>()
  return (userid: string): (() => void) => {
    const taken = places.get(userid) ?? 0
    if (taken >= most) {
      throw new Refusal('too_many_requests', `同时上传的图片太多，请 ${SOON} 秒后再试`, { retryAfter: SOON })
    }
    places.set(userid, taken + 1)
    return () => {
      const left = places.get(userid)! - 1
      if (left > 0) places.set(userid, left)
      else places.delete(userid)
    }
  }
}
