import {
  type AbortableQueryOptions,
  type Compilable,
  type CompiledQuery,
  Kysely,
  type KyselyConfig,
  type QueryResult,
} from 'kysely'

/**
 * An SQLite handle that reads, outside of transactions, by a connection of its own: what is asked need not wait for the
 * transactions that are under way, nor for their commit, and sees only what is on the disk (docs/decisions/0023). Transactions
 * read what they have written themselves, by the connection that writes.
 */
export class ReadAsideKysely<DB> extends Kysely<DB> {
  readonly #reader: Kysely<DB>

  constructor(writer: KyselyConfig, reader: KyselyConfig) {
    super(writer)
    this.#reader = new Kysely<DB>(reader)
    this.selectFrom = this.#reader.selectFrom.bind(this.#reader)
  }

  override async executeQuery<R>(
    query: CompiledQuery<R> | Compilable<R>,
    options?: AbortableQueryOptions,
  ): Promise<QueryResult<R>> {
    const compiled = 'compile' in query ? query.compile() : query
    if (compiled.query.kind === 'SelectQueryNode') return this.#reader.executeQuery(compiled, options)
    return super.executeQuery(compiled, options)
  }

  /** The reader first: the last connection to close cleans up behind the write-ahead log. */
  override async destroy(): Promise<void> {
    await this.#reader.destroy()
    await super.destroy()
  }
}
