import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pictureUrl, readPictureUrl } from './links.ts'

const NOON = Date.UTC(2026, 10, 23, 4)
const parts = (now = NOON, signingKey = 'key') => ({
  clock: { now: () => now },
  signingKey,
})
const read = (url: string, key = 'key') => {
  const { pathname, searchParams } = new URL(url, 'https://ours.example')
  const [, , , imageId, variant] = pathname.split('/')
  const { v, e, s } = Object.fromEntries(searchParams)
  return readPictureUrl(parts(NOON, key), { imageId, variant, v, e, s })
}
const zhangsan = { audience: 'me', userid: 'zhangsan' } as const
const proof = { imageId: 'i1', variant: 'thumb', viewer: zhangsan, purpose: 'proof' } as const

describe('a picture link', () => {
  test('says what it was made from, whoever the viewer is', () => {
    const userid = fc.stringMatching(/^[0-9A-Za-z][\w\-@.]{0,63}$/)
    fc.assert(
      fc.property(
        userid,
        fc.constantFrom('admin', 'me'),
        fc.constantFrom('thumb', 'screen', 'full'),
        (userid, audience, variant) => {
          const viewer = { audience, userid }
          expect(read(pictureUrl(parts(), { ...proof, variant, viewer }))).toMatchObject({
            imageId: 'i1',
            variant,
            viewer,
          })
        },
      ),
    )
  })

  test('with any character changed is none of ours', () => {
    const url = pictureUrl(parts(), proof)
    const changes = fc.tuple(fc.nat(url.length - 1), fc.constantFrom(...'0aZ-_%&=:/'))
    fc.assert(
      fc.property(changes, ([at, character]) => {
        const altered = url.slice(0, at) + character + url.slice(at + 1)
        const understood = (() => {
          try {
            return read(altered)
          } catch {
            return undefined // no address at all
          }
        })()
        if (understood) expect(pictureUrl(parts(), { ...understood, purpose: 'proof' })).toBe(url)
      }),
      { numRuns: 2000 },
    )
  })

  test('of another installation is none of ours', () => {
    expect(read(pictureUrl(parts(NOON, 'other'), proof))).toBeUndefined()
  })

  test('to a proof lives 5 to 10 minutes and stays the same for 5, so that browsers keep the picture', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), (later) => {
        const left = read(pictureUrl(parts(NOON + later), proof))!.expiresAt - (NOON + later)
        expect(left).toBeGreaterThan(5 * 60_000 - 1)
        expect(left).toBeLessThanOrEqual(10 * 60_000)
      }),
    )
    expect(pictureUrl(parts(NOON + 299_999), proof)).toBe(pictureUrl(parts(NOON), proof))
    expect(pictureUrl(parts(NOON + 300_000), proof)).not.toBe(pictureUrl(parts(NOON), proof))
  })

  test('to content lives 12 to 24 hours', () => {
    const content = { ...proof, purpose: 'content' } as const
    expect(read(pictureUrl(parts(), content))!.expiresAt - NOON).toBeGreaterThanOrEqual(12 * 3_600_000)
    expect(read(pictureUrl(parts(), content))!.expiresAt - NOON).toBeLessThanOrEqual(24 * 3_600_000)
  })
})
