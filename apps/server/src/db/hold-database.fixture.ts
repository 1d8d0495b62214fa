// A process of its own that opens the database it is told and stays until it is killed.
import { openDatabase } from './open.ts'

try {
  await openDatabase(process.argv[2] ?? '')
  process.stdout.write('open\n')
  setInterval(() => undefined, 60_000)
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
}
