import { SqliteDriver } from 'kysely'
import type { CompiledQuery, DatabaseConnection, QueryResult, SqliteDatabase } from 'kysely'

/** A database that tells whether a transaction is open, as better-sqlite3 does. */
export interface TellingDatabase extends SqliteDatabase {
  readonly inTransaction: boolean
}

/** So many end a group at the latest: what is behind them in the queue need not wait for more. */
const MOST = 64
/**
 * So many rows end a group as well, if they took this many times as long as the last commit: the first of several large
 * transactions need not wait for the others, nor requests for all of them, and on a slow disk they still share.
 */
const MANY_ROWS = 500
const COMMITS_LONG = 2

const MEMBER = 'group_member'
const WRITES: ReadonlySet<string> = new Set(['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'])

/** Transactions that share one commit. */
class Group {
  readonly durable: Promise<void>
  resolve!: () => void
  reject!: (error: unknown) => void
  members = 0
  rows = 0
  readonly began = performance.now()
  /** Its turn of the event loop is over: whoever is at work in it ends it. */
  isDue = false
  /** By which SQLite has rolled back all of it. */
  error: unknown

  constructor() {
    this.durable = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }))
    this.durable.catch(() => {}) // Its members wait for it themselves.
  }
}

/**
 * Transactions that come within the same turn of the event loop share one commit, since with `synchronous=FULL` a commit waits
 * for the disk, some milliseconds in which nothing else happens, and that is longer than most transactions take
 * (docs/decisions/0021). Each is a savepoint in one outer transaction and is over, for whoever made it, when that one is on
 * the disk; so is a single write, and a read that saw any of it. They still run one after the other.
 */
export class GroupCommitDriver extends SqliteDriver {
  readonly #database: TellingDatabase
  readonly #waiting: (() => void)[] = []
  #connection: DatabaseConnection | undefined
  #taken = false
  /** ms */
  #commitTook = 0
  #group: Group | undefined

  constructor(database: TellingDatabase) {
    super({ database })
    this.#database = database
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#taken = true
    return (this.#connection ??= this.#joining(await super.acquireConnection()))
  }

  /** One for all, since Kysely puts its logging around each that it has not seen before. */
  #joining(connection: DatabaseConnection): DatabaseConnection {
    return {
      executeQuery: <R>(query: CompiledQuery) => this.#execute<R>(connection, query),
      streamQuery: <R>(query: CompiledQuery, size: number) => connection.streamQuery<R>(query, size),
    }
  }

  override async beginTransaction(): Promise<void> {
    this.#join()
    this.#run(`savepoint ${MEMBER}`)
  }

  override async commitTransaction(): Promise<void> {
    this.#run(`release ${MEMBER}`)
  }

  /** On a full disk SQLite has rolled back by itself; a second rollback would throw, and hide SQLITE_FULL behind its own error. */
  override async rollbackTransaction(): Promise<void> {
    if (!this.#database.inTransaction) return
    this.#run(`rollback to ${MEMBER}`)
    this.#run(`release ${MEMBER}`)
  }

  override async releaseConnection(): Promise<void> {
    const group = this.#group
    if (group) group.members += 1
    const isFull = group && this.#isFull(group)
    if (group && (isFull || group.isDue || !this.#database.inTransaction)) this.#end(group)
    // What came in meanwhile, an answer of WeCom's or somebody's request, has its turn between two groups.
    if (isFull && this.#waiting.length > 0) setImmediate(() => this.#passOn())
    else this.#passOn()
    await group?.durable
  }

  #isFull({ members, rows, began }: Group): boolean {
    if (members >= MOST) return true
    return rows >= MANY_ROWS && performance.now() - began >= COMMITS_LONG * this.#commitTook
  }

  #passOn(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken = false
  }

  override async destroy(): Promise<void> {
    if (this.#group) this.#end(this.#group)
    await super.destroy()
  }

  async #execute<R>(connection: DatabaseConnection, query: CompiledQuery): Promise<QueryResult<R>> {
    // Whoever goes on after SQLite has rolled his transaction back would write outside of any.
    if (this.#group?.error !== undefined) throw this.#group.error
    if (WRITES.has(query.query.kind)) this.#join()
    try {
      const result = await connection.executeQuery<R>(query)
      if (this.#group) this.#group.rows += Number(result.numAffectedRows ?? 0)
      return result
    } catch (error) {
      if (this.#group && !this.#database.inTransaction) this.#group.error = error
      throw error
    }
  }

  /**
   * Takes the write lock at the start. A plain `begin` takes it at the first write, and when another connection (a
   * backup, a shell) wrote in between, that fails with SQLITE_BUSY_SNAPSHOT, which busy_timeout does not wait for.
   */
  #join(): void {
    if (this.#group) return
    this.#run('begin immediate')
    const group = (this.#group = new Group())
    setImmediate(() => {
      if (this.#group !== group) return
      if (this.#taken) group.isDue = true
      else this.#end(group)
    })
  }

  #end(group: Group): void {
    this.#group = undefined
    try {
      if (!this.#database.inTransaction) throw group.error ?? new Error('SQLite has rolled a transaction back')
      const began = performance.now()
      this.#run('commit')
      this.#commitTook = performance.now() - began
      group.resolve()
    } catch (error) {
      if (this.#database.inTransaction) this.#run('rollback')
      group.reject(error)
    }
  }

  #run(statement: string): void {
    this.#database.prepare(statement).run([])
  }
}
