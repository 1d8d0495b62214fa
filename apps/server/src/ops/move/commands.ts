import { type MoveOrder, moveToPostgres } from './move.ts'
import { returnToSqlite } from './return.ts'

export async function toPostgres(order: MoveOrder) {
  await moveToPostgres(order)
  const { config, file, print } = order
  print(`Moved. Start with this DATABASE_URL. No server starts on ${file} any more; keep it for the way back.`)
  print(
    `Pictures and exports are where they were: start with the same DATA_DIR (${config.dataDir}), or the same BLOB_URL.`,
  )
}

export async function toSqlite(order: MoveOrder) {
  const { place, held } = await returnToSqlite(order)
  const { file, print } = order
  print(`Back on ${file}: start with DATABASE_URL=sqlite:${file}. Drop ${place}; no server starts on it any more.`)
  if (held)
    print('What was done there is lost. What has fallen due since the move waits for an administrator as 已错过.')
}
