import { workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

// Writes without pause, each transaction into two tables: a copy in which they disagree was torn.
const sqlite = new Sqlite(workerData as string, { timeout: 10_000 })
sqlite.exec("insert into directory_syncs (id, reason, started_at, people, departments) values ('writer', '', 0, 0, 0)")
const log = sqlite.prepare("insert into audit_log values (?, 0, 'writer', '', '', ?)")
const count = sqlite.prepare("update directory_syncs set people = people + 1 where id = 'writer'")
const write = sqlite.transaction((n: number) => {
  log.run(`writer-${n}`, 'x'.repeat(2_000))
  count.run()
})

let n = 0
const writeOn = () => {
  write.immediate(n++)
  setTimeout(writeOn)
}
writeOn()
