import type { CompiledQuery } from 'kysely'
import type { Db } from '../parts.ts'

type Value = string | number | null
/** What differs from one execution to the next. Undefined: the query does not ask for it. */
type Values = Record<string, Value | readonly Value[] | undefined>
/** What makes another query of it, and may be looked at while it is built. */
type Shape = Record<string, Value | boolean | undefined>

/** Stands for a value while the query is built. Whoever wants to know it then is told so at once. */
class Placeholder {
  readonly name: string
  readonly at: number | undefined

  constructor(name: string, at?: number) {
    this.name = name
    this.at = at
  }

  [Symbol.toPrimitive](): never {
    throw new TypeError(`the value of ${this.name} is not known while the query is built`)
  }
}

/** Texts of one query: its lists of ids have every length. The ones that were not used for longest go first. */
const MOST = 200

/**
 * A query that is built and compiled once, and afterwards only takes its values: for whatever is asked at every request, of
 * which building the same tree and text anew is the larger part. Engines and shapes have a text each; so has each length
 * of a list, and each choice of what is undefined.
 * @param build takes every value as it is, and must not look at it
 */
export function compileOnce<V extends Values, Row, S extends Shape = Record<never, never>>(
  build: (db: Db, values: V, shape: S) => { compile(): CompiledQuery<Row> },
): (db: Db, values: V, ...shape: Record<never, never> extends S ? [] : [shape: S]) => Promise<Row[]> {
  const engines = new WeakMap<object, Map<string, CompiledQuery<Row>>>()
  return async (db, values, ...rest) => {
    const shape = (rest[0] ?? {}) as S
    const { adapter } = db.getExecutor()
    const known = engines.get(adapter) ?? new Map<string, CompiledQuery<Row>>()
    engines.set(adapter, known)
    const key = keyOf(values, shape)
    const compiled = known.get(key) ?? build(db, placeholdersFor(values), shape).compile()
    known.delete(key)
    known.set(key, compiled)
    if (known.size > MOST) known.delete(known.keys().next().value!)
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters: fill(compiled.parameters, values) })
    return rows
  }
}

/** The same for a query of one row, or none. */
export function compileOnceForOne<V extends Values, Row, S extends Shape = Record<never, never>>(
  build: Parameters<typeof compileOnce<V, Row, S>>[0],
): (...asked: Parameters<ReturnType<typeof compileOnce<V, Row, S>>>) => Promise<Row | undefined> {
  const all = compileOnce(build)
  return async (...asked) => (await all(...asked))[0]
}

function keyOf(values: Values, shape: Shape): string {
  let key = ''
  for (const name in values) {
    const value = values[name]
    if (value !== undefined)
      key += typeof value === 'object' && value !== null ? `${name}*${value.length};` : `${name};`
  }
  for (const name in shape) key += `${name}=${String(shape[name])};`
  return key
}

const placeholdersFor = <V extends Values>(values: V) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (value === undefined) return [name, undefined]
      return [name, isList(value) ? value.map((_, at) => new Placeholder(name, at)) : new Placeholder(name)]
    }),
  ) as V

const fill = (parameters: readonly unknown[], values: Values) =>
  parameters.map((parameter) => {
    if (!(parameter instanceof Placeholder)) return parameter
    const value = values[parameter.name]
    return parameter.at === undefined ? value : (value as Value[])[parameter.at]
  })

const isList = (value: Value | readonly Value[]): value is readonly Value[] => Array.isArray(value)
