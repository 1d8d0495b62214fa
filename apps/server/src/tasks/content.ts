import type { ImageView, LinkView } from '@qimeng/contract'
import type { Selectable } from 'kysely'
import { compileOnce } from '../db/compiled.ts'
import type { Database } from '../db/schema.ts'
import { viewImages } from '../images/images.ts'
import type { Viewer } from '../images/links.ts'
import type { Db, Parts } from '../parts.ts'

type LinkColumns = 'linkUrl' | 'linkTitle' | 'linkDescription' | 'linkCoverId'
type PushLink = { id: string } & Pick<Selectable<Database['pushes']>, LinkColumns>

/** What a push shows, with links to its pictures for one viewer. */
export interface PushContent {
  images: ImageView[]
  link: LinkView | null
}

/**
 * Pictures and links of several pushes, by push id, with one look-up for all.
 * @param parts inside a transaction give `{ ...parts, db: trx }`
 */
export async function contentOf(
  parts: Pick<Parts, 'db' | 'clock'>,
  pushes: readonly PushLink[],
  viewer: Viewer,
): Promise<Map<string, PushContent>> {
  const attached = await imagesOf(
    parts.db,
    pushes.map(({ id }) => id),
  )
  const ofPush = Map.groupBy(attached, ({ pushId }) => pushId)
  const covers = pushes.flatMap(({ linkCoverId }) => linkCoverId ?? [])
  const views = await viewImages(parts, [...attached.map(({ imageId }) => imageId), ...covers], viewer)
  return new Map(
    pushes.map((push) => {
      const mine = ofPush.get(push.id) ?? []
      return [push.id, { images: mine.flatMap(({ imageId }) => views.get(imageId) ?? []), link: linkOf(push, views) }]
    }),
  )
}

async function imagesOf(db: Db, pushIds: string[]) {
  return pushIds.length === 0 ? [] : attachedTo(db, { pushIds })
}

const attachedTo = compileOnce((db, { pushIds }: { pushIds: string[] }) =>
  db
    .selectFrom('pushImages')
    .select(['pushId', 'imageId'])
    .where('pushId', 'in', pushIds)
    .orderBy('pushId')
    .orderBy('position'),
)

function linkOf(push: PushLink, views: ReadonlyMap<string, ImageView>): LinkView | null {
  if (push.linkUrl === null) return null
  return {
    url: push.linkUrl,
    title: push.linkTitle ?? '',
    description: push.linkDescription ?? '',
    cover: (push.linkCoverId !== null && views.get(push.linkCoverId)) || null,
  }
}
