import { SqliteAdapter, SqliteDialect } from 'kysely'
import type { Driver } from 'kysely'
import { GroupCommitDriver, type TellingDatabase } from './group-commit.ts'

class Adapter extends SqliteAdapter {
  /** SQLite rolls DDL back like everything else; with this Kysely runs all pending migrations in one transaction. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }

  /** There is one, and the driver knows who may have it when. */
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** For a connection that only reads: each query is over before the next one can begin, so nobody waits for his turn. */
export class ReadingDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new Adapter()
  }
}

/** Kysely's SQLite dialect with immediate transactions that share their commits, and transactional migrations. */
export class GroupCommitDialect extends SqliteDialect {
  readonly #database: TellingDatabase

  constructor(database: TellingDatabase) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new GroupCommitDriver(this.#database)
  }

  override createAdapter(): SqliteAdapter {
    return new Adapter()
  }
}
