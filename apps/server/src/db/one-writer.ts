import { Kysely, sql, type TransactionBuilder } from 'kysely'
import { queue } from '../queue.ts'

/** Any number that nobody else in this database uses for an advisory lock. */
const WRITER = 715_510_042

/**
 * A PostgreSQL handle whose transactions run one after the other, over all processes, each seeing all that the ones
 * before it wrote: what `begin immediate` is on SQLite. So no feature needs to know which engine it runs on, and nothing
 * ever has to begin again (docs/decisions/0017). Single statements and reads outside transactions do not wait.
 */
export class OneWriterKysely<DB> extends Kysely<DB> {
  /** Within the process one waits here, without a connection: else the waiting would leave none to those who read. */
  readonly #turns = queue(1)

  override transaction(): TransactionBuilder<DB> {
    const builder = super.transaction()
    const execute = builder.execute.bind(builder)
    builder.execute = (callback) =>
      this.#turns(() =>
        execute(async (trx) => {
          await sql`select pg_advisory_xact_lock(${sql.lit(WRITER)})`.execute(trx)
          return callback(trx)
        }),
      )
    return builder
  }
}
