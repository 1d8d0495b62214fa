import { createHmac, timingSafeEqual } from 'node:crypto'
import { compileOnce } from '../db/compiled.ts'
import type { Audience, ImagePurpose } from '../db/schema.ts'
import type { Db, Parts } from '../parts.ts'

/** Who looks at a picture: a session is one, too. */
export interface Viewer {
  readonly audience: Audience
  readonly userid: string
}

/** Small ones for lists, one as wide as a phone's screen, and all pixels. */
export const VARIANTS = ['thumb', 'screen', 'full'] as const
export type Variant = (typeof VARIANTS)[number]

const isVariant = (name: unknown): name is Variant => VARIANTS.some((variant) => variant === name)

/** What a link says, as it stands in the address. `expiresAt` in epoch milliseconds. */
export interface PictureLink {
  imageId: string
  variant: Variant
  viewer: Viewer
  expiresAt: number
}

const MINUTE = 60_000

/** Longest life (ms) of a link. Screenshots may show private things; content is meant for publishing. */
const LIFETIME: Record<ImagePurpose, number> = {
  proof: 10 * MINUTE,
  content: 24 * 60 * MINUTE,
  cover: 24 * 60 * MINUTE,
}

/** What links are signed with, and by when. */
export interface Signer extends Pick<Parts, 'clock'> {
  readonly signingKey: string
}

/**
 * The key as it is now. It is asked for each time and kept by nobody: once it is renewed, no process takes an old link or
 * makes one.
 */
export async function signerOf({ db, clock }: Pick<Parts, 'db' | 'clock'>): Promise<Signer> {
  const [row] = await keyInUse(db, {})
  if (!row) throw new Error('this database belongs to no installation')
  return { clock, signingKey: row.signingKey }
}

const keyInUse = compileOnce((db: Db) => db.selectFrom('installation').select('signingKey'))

/**
 * A link that needs no cookie, since WeCom's picture viewer sends none (WECOM.md 5). Expiries are rounded to half a
 * lifetime, so that the same person gets the same URL for a while and the browser keeps the picture.
 */
export function pictureUrl(
  { clock, signingKey }: Signer,
  { imageId, variant, viewer, purpose }: Omit<PictureLink, 'expiresAt'> & { purpose: ImagePurpose },
): string {
  const lifetime = LIFETIME[purpose]
  const step = lifetime / 2
  const expiresAt = Math.floor(clock.now() / step) * step + lifetime
  const link = { imageId, variant, viewer, expiresAt }
  const query = new URLSearchParams({
    v: `${viewer.audience}:${viewer.userid}`,
    e: String(expiresAt / 1000),
    s: sign(signingKey, link).toString('base64url'),
  })
  return `/files/images/${imageId}/${variant}?${query}`
}

/** What the address says if we wrote it ourselves, else undefined. Expiry is for the caller to judge. */
export function readPictureUrl(
  { signingKey }: Signer,
  { imageId, variant, v, e, s }: Record<'imageId' | 'variant' | 'v' | 'e' | 's', unknown>,
): PictureLink | undefined {
  if (typeof imageId !== 'string' || typeof v !== 'string' || typeof e !== 'string' || typeof s !== 'string')
    return undefined
  const [, audience, userid] = /^(admin|me):(.{1,64})$/s.exec(v) ?? []
  if (!isVariant(variant) || !userid || !/^\d{1,12}$/.test(e)) return undefined
  const link = {
    imageId,
    variant,
    viewer: { audience: audience as Audience, userid },
    expiresAt: Number(e) * 1000,
  } as const
  const expected = sign(signingKey, link)
  const given = Buffer.from(s, 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected) ? link : undefined
}

/** JSON keeps the parts apart: no two links have the same text. */
function sign(key: string, { imageId, variant, viewer, expiresAt }: PictureLink): Buffer {
  const text = JSON.stringify([imageId, variant, viewer.audience, viewer.userid, expiresAt])
  return createHmac('sha256', key).update(text).digest()
}
