// A process of its own that opens the database it is told and stays until it is killed.
import { openDatabase } from './open.ts'

try {
  await openDatabase(process.argv[2] ?? '')
  console.log('open')
  setInterval(() => {}, 60_000)
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
}
