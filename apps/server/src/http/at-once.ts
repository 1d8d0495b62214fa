import { Refusal } from '../refusal.ts'

/** What a page sends again soon, in seconds. */
const SOON = 5

/**
 * Lets one person do at most so many of something at the same time: what is sent is kept in memory while it arrives, however
 * slowly that is.
 * @param message what was too much, for whoever sent it
 * @returns takes a place and gives back how to leave it @throws {Refusal} too_many_requests
 */
export function atOnce(most: number, message: string) {
  const places = new Map<string, number>()
  return (userid: string): (() => void) => {
    const taken = places.get(userid) ?? 0
    if (taken >= most) {
      throw new Refusal('too_many_requests', `${message}，请 ${SOON} 秒后再试`, { retryAfter: SOON })
    }
    places.set(userid, taken + 1)
    return () => {
      const left = places.get(userid)! - 1
      if (left > 0) places.set(userid, left)
      else places.delete(userid)
    }
  }
}
