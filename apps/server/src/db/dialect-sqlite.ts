import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely'
import type { DatabaseConnection, Driver, SqliteDatabase } from 'kysely'

/** A database that tells whether a transaction is open, as better-sqlite3 does. */
export interface TellingDatabase extends SqliteDatabase {
  readonly inTransaction: boolean
}

class ImmediateDriver extends SqliteDriver {
  readonly #database: TellingDatabase

  constructor(database: TellingDatabase) {
    super({ database })
    this.#database = database
  }

  /**
   * Takes the write lock at the start. A plain `begin` takes it at the first write, and when another connection (a
   * backup, a shell) wrote in between, that fails with SQLITE_BUSY_SNAPSHOT, which busy_timeout does not wait for.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /**
   * On a full disk SQLite has rolled back by itself; a second rollback would throw, and hide SQLITE_FULL behind its own
   * "no transaction is active".
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

class TransactionalAdapter extends SqliteAdapter {
  /** SQLite rolls DDL back like everything else; with this Kysely runs all pending migrations in one transaction. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Kysely's SQLite dialect with immediate transactions and transactional migrations. */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: TellingDatabase

  constructor(database: TellingDatabase) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#database)
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}
