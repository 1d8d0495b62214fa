import type { MyExecutionRow, MyPush, Page, QueryOf, meApi } from '@qimeng/contract'
import { HOUR } from '@qimeng/contract/time'
import { momentsLinkTitle } from '@qimeng/wecom'
import { sql } from 'kysely'
import { keysetPage } from '../db/keyset.ts'
import { requireExecution } from '../delivery/access.ts'
import type { EmployeeSession } from '../http/sessions.ts'
import { withScreens } from '../images/images.ts'
import type { Db, Parts } from '../parts.ts'
import { viewProofs } from '../proofs/proofs.ts'
import { mediaKey, mediaOf } from '../media/store.ts'
import { contentOf, type PushContent } from '../tasks/content.ts'

type MyQuery = QueryOf<typeof meApi.executions>

/** UTF-16 units; the list shows one line of it. */
const EXCERPT = 100

/** One person's pushes: 待执行 with the earliest minute first, 已执行 with the latest first. Deleted tasks are not there. */
export async function listMine(
  parts: Parts,
  session: EmployeeSession,
  { state, ...paging }: MyQuery,
): Promise<Page<MyExecutionRow>> {
  const query = mine(parts.db, session.userid, state)
  const { total } = await query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = query.selectAll('pushes').select(['executions.executedAt', 'tasks.name as taskName', 'tasks.sendScope'])
  type Row = Awaited<ReturnType<typeof rows.executeTakeFirstOrThrow>>
  const byTime =
    state === 'pending'
      ? { by: sql.ref('pushes.scheduledAt'), direction: 'asc' as const, of: (row: Row) => row.scheduledAt }
      : { by: sql.ref('executions.executedAt'), direction: 'desc' as const, of: (row: Row) => row.executedAt ?? 0 }
  const page = await keysetPage(
    rows,
    [byTime, { by: sql.ref('pushes.id'), direction: byTime.direction, of: (row: Row) => row.id }],
    paging,
  )
  const contents = await contentOf(parts, page.rows, session)
  return {
    ...page,
    total: Number(total),
    rows: page.rows.map((row) => {
      const { images, link } = contents.get(row.id)!
      return {
        pushId: row.id,
        pushName: row.name,
        taskName: row.taskName,
        scheduledAt: row.scheduledAt,
        sendScope: row.sendScope,
        state,
        executedAt: row.executedAt,
        excerpt: row.text.slice(0, EXCERPT).toWellFormed(),
        picture: images[0] ?? link?.cover ?? null,
        images: images.length,
        hasLink: link !== null,
      }
    }),
  }
}

/** How many pushes wait for this person: as many as the list of 待执行 has. */
export async function countOpen(db: Db, userid: string): Promise<number> {
  const query = mine(db, userid, 'pending').select(({ fn }) => fn.countAll<number>().as('open'))
  return Number((await query.executeTakeFirstOrThrow()).open)
}

function mine(db: Db, userid: string, state: MyQuery['state']) {
  const query = db
    .selectFrom('executions')
    .innerJoin('pushes', 'pushes.id', 'executions.pushId')
    .innerJoin('tasks', 'tasks.id', 'executions.taskId')
    .where('executions.userid', '=', userid)
    .where('tasks.deletedAt', 'is', null)
  return query.where('executions.executedAt', state === 'pending' ? 'is' : 'is not', null)
}

/**
 * One push as this person is to publish it.
 * @param parts inside a transaction give `{ ...parts, db: trx }`
 * @throws {Refusal} see `requireExecution`
 */
export async function viewMyPush(
  parts: Pick<Parts, 'db' | 'clock'>,
  session: EmployeeSession,
  pushId: string,
): Promise<MyPush> {
  const execution = await requireExecution(parts.db, session, pushId)
  const content = (await contentOf(parts, [execution], session)).get(execution.id)!
  const [newest] = await viewProofs(parts, pushId, session.userid, session)
  return {
    pushId,
    pushName: execution.name,
    taskName: execution.taskName,
    scheduledAt: execution.scheduledAt,
    sendScope: execution.sendScope,
    hint: execution.hint,
    text: execution.text,
    ...(await forPublishing(parts, content, session)),
    state: execution.executedAt === null ? 'pending' : 'done',
    executedAt: execution.executedAt,
    proof: newest ?? null,
  }
}

/** The content for a phone, with WeCom's own names for its pictures as far as WeCom has them and will for the next hour. */
async function forPublishing(
  parts: Pick<Parts, 'db' | 'clock'>,
  { images, link }: PushContent,
  session: EmployeeSession,
): Promise<Pick<MyPush, 'images' | 'link'>> {
  const pictures = link?.cover ? [...images, link.cover] : images
  const media = await mediaOf(
    parts.db,
    pictures.map(({ id }) => id),
    parts.clock.now() + HOUR,
  )
  const coverOf = (id: string | undefined) => (id === undefined ? null : (media.get(mediaKey(id, 'cover')) ?? null))
  return {
    images: (await withScreens(parts, images, session)).map((image) => ({
      ...image,
      mediaId: media.get(mediaKey(image.id, 'picture')) ?? null,
    })),
    link: link && { ...link, composerTitle: momentsLinkTitle(link.title), composerCover: coverOf(link.cover?.id) },
  }
}
