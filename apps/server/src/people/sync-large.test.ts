import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowsWritten as countRowsWritten } from '../test/database.ts'
import { startWorld, type World } from '../test/world.ts'
import { syncDirectory } from './sync.ts'

/** What is proven does not hang on how many they are: 100,000, as at the largest companies, take a minute. */
const PEOPLE = Number(process.env['SYNC_PEOPLE'] ?? 20_000)
/** A loaded machine takes its time over so many (ms). */
const PATIENCE = 600_000

let world: World
beforeAll(async () => {
  world = await startWorld({ people: PEOPLE })
  await world.parts.jobs.stop()
}, PATIENCE)
afterAll(() => world.stop())

const rowsWritten = () => countRowsWritten(world.parts.db)
const copy = async () => {
  const [startedAt, before] = [performance.now(), await rowsWritten()]
  await syncDirectory(world.parts, 'test', new AbortController().signal)
  return { seconds: Math.round(performance.now() - startedAt) / 1000, written: (await rowsWritten()) - before }
}
const copies = () => world.parts.db.selectFrom('directorySyncs').selectAll().orderBy('id').execute()

test(
  'a large corp is copied within WeCom’s limits; after that only what differs is written',
  async () => {
    const [first] = await copies()
    expect(first).toMatchObject({ error: null, people: expect.any(Number) })
    expect(first!.people).toBeGreaterThan(PEOPLE * 0.99)
    const people = world.parts.db.selectFrom('employees').where('active', '=', 1)
    const { count } = await people.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    expect(count).toBe(first!.people)

    const unchanged = await copy()
    // When it began, and when it ended.
    expect(unchanged.written).toBe(2)

    await world.wecom.change('lisi', { name: '李思' })
    await world.wecom.change('zhaoliu', { departments: [3] })
    await world.wecom.dismiss('wangwu')
    const changed = await copy()
    // Besides: a name; a department and his place in two of them; somebody who left, and his place.
    expect(changed.written).toBeLessThan(12)
    expect(await copies()).toMatchObject([{}, {}, { error: null, people: first!.people - 1 }])

    process.stdout.write(
      `${first!.people} people in ${first!.departments} departments: ` +
        `first copy ${(first!.finishedAt! - first!.startedAt) / 1000} s; ` +
        `nothing changed ${unchanged.seconds} s, ${unchanged.written} rows written; ` +
        `three people changed ${changed.seconds} s, ${changed.written} rows written\n`,
    )
  },
  PATIENCE,
)
