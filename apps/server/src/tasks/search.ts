import type { Page } from '@qimeng/contract'
import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import { keysetRows, type Reading } from '../db/keyset.ts'
import type { Database } from '../db/schema.ts'
import { contains, foldForSearch, gramsToFind } from '../db/search.ts'
import type { Db } from '../parts.ts'
import { personMatches } from '../people/people.ts'
import { countListed, isUnfiltered, listed, type TaskFilter } from './filter.ts'

/** Where the tasks with a keyword are found (docs/decisions/0012); undefined: everywhere, none was typed. */
export type Places = Named | Walked | undefined

/** Read from the index of names by one gram, and from each creator who is meant. */
interface Named {
  by: 'grams'
  keyword: string
  gram: string
  /** How many names have the gram. */
  names: number
  /** The gram is the whole keyword: whatever has it is found. */
  exact: boolean
  creators: string[]
}

/** So much of the list would be found that reading it and looking at each name is faster. */
interface Walked {
  by: 'walk'
  keyword: string
  creators: string[]
}

/** Reading a task by way of a gram costs about so many times as much as the next one of the list. */
const DETOUR = 4
/** Each creator is read apart; more of them match only what nobody looks for, a single letter say. */
const MOST_CREATORS = 50

export async function placesOf(db: Db, filter: TaskFilter, keyword: string | undefined): Promise<Places> {
  if (!keyword) return undefined
  const creators = await creatorsMatching(db, keyword)
  const folded = foldForSearch(keyword)
  const grams = gramsToFind(folded)
  const { gram, names } = await rarest(db, grams)
  const exact = gram === folded
  const free = exact && creators.length === 0 && isUnfiltered(filter)
  if (creators.length <= MOST_CREATORS && (free || names * DETOUR <= (await countListed(db, filter)))) {
    return { by: 'grams', keyword, gram, names, exact, creators }
  }
  return { by: 'walk', keyword, creators }
}

/** Who has created tasks and is called, or writes himself, like that. */
async function creatorsMatching(db: Db, keyword: string): Promise<string[]> {
  const rows = await db
    .selectFrom('employees')
    .select('userid')
    .where('userid', 'in', ({ selectFrom }) => selectFrom('taskCounts').select('createdBy').where('tasks', '>', 0))
    .where(personMatches(keyword))
    .execute()
  return rows.map(({ userid }) => userid)
}

async function rarest(db: Db, grams: string[]) {
  const rows = await db.selectFrom('taskGramCounts').selectAll().where('gram', 'in', grams).execute()
  const names = new Map(rows.map(({ gram, tasks }) => [gram, tasks]))
  const counted = grams.map((gram) => ({ gram, names: names.get(gram) ?? 0 }))
  return counted.reduce((least, next) => (next.names < least.names ? next : least))
}

type Total = Pick<Page<unknown>, 'total' | 'totalIsLeast'>

/**
 * How many tasks there are. What would have to be counted name by name is counted up to `most`, so that a common word costs
 * the same after ten years; what is stored is told as it is.
 */
export async function countIn(db: Db, places: Places, filter: TaskFilter, most: number): Promise<Total> {
  if (!places) return { total: await countListed(db, filter) }
  if (places.by === 'walk') {
    const walked = db.selectFrom('tasks').select('tasks.id').where(listed(filter)).where(matches(places))
    return upTo(most, await countSome(db, walked.limit(most + 1)))
  }
  const { creators, exact, names } = places
  if (creators.length === 0 && exact && isUnfiltered(filter)) return { total: names }
  const created = creators.length > 0 ? await countListed(db, filter, creators) : 0
  if (created > most) return upTo(most, created)
  const others = named(db, places, filter, creators).select('taskGrams.taskId as id')
  return upTo(most, created + (await countSome(db, others.limit(most + 1 - created))))
}

const upTo = (most: number, counted: number): Total =>
  counted > most ? { total: most, totalIsLeast: true } : { total: counted }

async function countSome(db: Db, tasks: SelectQueryBuilder<Database, never, { id: string }>): Promise<number> {
  const { total } = await db
    .selectFrom(tasks.as('some'))
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}

interface ListReading extends Reading {
  filter: TaskFilter
  direction: 'asc' | 'desc'
}

/** Tasks among which the page is found: all of them, or the first few of each place. */
export function rowsFrom(db: Db, places: NonNullable<Places>, { filter, direction, ...page }: ListReading) {
  if (places.by === 'walk') {
    return db.selectFrom('tasks').selectAll('tasks').where(listed(filter)).where(matches(places))
  }
  const order = (createdAt: string, id: string) => [sql.ref(createdAt), sql.ref(id)].map((by) => ({ by, direction }))
  const byName = keysetRows(
    named(db, places, filter).select('taskGrams.taskId as id'),
    order('taskGrams.createdAt', 'taskGrams.taskId'),
    page,
  )
  const byCreator = places.creators.map((userid) =>
    keysetRows(
      db.selectFrom('tasks').select('tasks.id').where(listed(filter)).where('tasks.createdBy', '=', userid),
      order('tasks.createdAt', 'tasks.id'),
      page,
    ),
  )
  // Wrapped, since SQLite takes no order and limit in the parts of a union.
  const first = db.selectFrom(byName.as('place')).select('place.id')
  const found = byCreator.reduce((all, place) => all.union(db.selectFrom(place.as('place')).select('place.id')), first)
  return db.selectFrom(found.as('found')).crossJoin('tasks').whereRef('tasks.id', '=', 'found.id').selectAll('tasks')
}

/**
 * The gram's tasks in the order of the list, each with a look at its row. A value of its own and no join, since PostgreSQL
 * joins by reading all tasks where it takes a keyword for rare.
 */
function named(db: Db, { gram, exact, keyword }: Named, filter: TaskFilter, exceptBy: string[] = []) {
  const { createdFrom, createdTo } = filter
  let query = db
    .selectFrom('taskGrams')
    .where('taskGrams.gram', '=', gram)
    .where((names) =>
      names
        .selectFrom('tasks')
        .select((eb) => {
          const fits = [listed(filter)]
          if (!exact) fits.push(contains('tasks.searchName', keyword))
          if (exceptBy.length > 0) fits.push(eb('tasks.createdBy', 'not in', exceptBy))
          return eb.and(fits).as('fits')
        })
        .whereRef('tasks.id', '=', 'taskGrams.taskId'),
    )
  if (createdFrom !== undefined) query = query.where('taskGrams.createdAt', '>=', createdFrom)
  if (createdTo !== undefined) query = query.where('taskGrams.createdAt', '<=', createdTo)
  return query
}

function matches({ keyword, creators }: Walked): Expression<SqlBool> {
  const name = contains('tasks.searchName', keyword)
  return creators.length === 0
    ? name
    : sql<SqlBool>`(${name} or ${sql.ref('tasks.createdBy')} in (${sql.join(creators)}))`
}
