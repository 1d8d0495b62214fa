import { Kysely, sql, type TransactionBuilder } from 'kysely'
import { queue } from '../queue.ts'

/** Any number that nobody else in this database uses for an advisory lock. */
const WRITER = 715_510_042

/** The commit of this transaction alone does not wait for the disk, and lets go of the lock. */
const LET_GO_EARLY = sql`, set_config('synchronous_commit', 'off', true)`

/**
 * A PostgreSQL handle whose transactions run one after the other, over all processes, each seeing all that the ones
 * before it wrote: what `begin immediate` is on SQLite. So no feature needs to know which engine it runs on, and nothing
 * ever has to begin again (docs/decisions/0017). Single statements and reads outside transactions do not wait.
 *
 * When others wait, the next one begins while the disk still writes the one before (docs/decisions/0027). For whoever made
 * it, a transaction is over when it is on the disk.
 */
export class OneWriterKysely<DB> extends Kysely<DB> {
  /** Within the process one waits here, without a connection: else the waiting would leave none to those who read. */
  readonly #turns = queue(1)
  #waiting = 0
  /** The writing to the disk that is under way, and the one that begins after it for all who commit meanwhile. */
  #flush: Promise<unknown> = Promise.resolve()
  #nextFlush: Promise<unknown> | undefined

  override transaction(): TransactionBuilder<DB> {
    const builder = super.transaction()
    const execute = builder.execute.bind(builder)
    builder.execute = async (callback) => {
      let makesWay = false
      this.#waiting += 1
      const result = await this.#turns(() => {
        this.#waiting -= 1
        makesWay = this.#waiting > 0
        return execute(async (trx) => {
          await sql`select pg_advisory_xact_lock(${sql.lit(WRITER)})${makesWay ? LET_GO_EARLY : sql``}`.execute(trx)
          return callback(trx)
        })
      })
      if (makesWay) await this.#flushed()
      return result
    }
    return builder
  }

  /** Resolves when all that was committed before this call is as durable as PostgreSQL is set up to make it. */
  #flushed(): Promise<unknown> {
    return (this.#nextFlush ??= this.#flush
      .catch(() => {}) // Those who waited for that one have been told.
      .then(() => {
        this.#nextFlush = undefined
        // The log is written in order: a record of our own that is on the disk has all before it there.
        return (this.#flush = sql`select pg_logical_emit_message(true, 'flush', '')`.execute(this))
      }))
  }
}
