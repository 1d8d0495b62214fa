import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { type Addresses, freeAddresses, openCompany } from './company.ts'
import { root, runScript } from './service.ts'

const SEED = 'scripts/seed.ts'
/** Playwright empties test-results when a run begins: no run meets the past of another day. */
const PAST = join(root, 'packages/e2e/test-results/past')
const MAKING = `${PAST}.making`
const ADDRESSES = 'addresses.json'

/**
 * Puts a copy of the demo's past into a data folder that is still empty. It is lived once in a run, by the worker that
 * asks first; the others wait for it.
 * @returns where its server and its WeCom have to be
 */
export async function copyPast(folder: string): Promise<Addresses> {
  while (!existsSync(PAST)) {
    if (await isFirst()) await livePast()
    else await delay(200)
  }
  await cp(PAST, folder, { recursive: true })
  const lived = JSON.parse(await readFile(join(folder, ADDRESSES), 'utf8')) as Addresses
  const addresses = await freeAddresses()
  for (const file of ['moments.db', 'simulator.db']) moveHouse(join(folder, file), lived, addresses)
  return addresses
}

async function isFirst(): Promise<boolean> {
  await mkdir(dirname(MAKING), { recursive: true })
  return mkdir(MAKING).then(
    () => true,
    () => false,
  )
}

async function livePast(): Promise<void> {
  try {
    const addresses = await freeAddresses()
    const { simulator, env } = await openCompany(MAKING, addresses)
    try {
      await runScript(SEED, env)
    } finally {
      await simulator.end('SIGTERM')
    }
    await writeFile(join(MAKING, ADDRESSES), JSON.stringify(addresses))
    await rename(MAKING, PAST)
  } catch (error) {
    await rm(MAKING, { recursive: true, force: true })
    throw error
  }
}

/** Cards and pictures carry the addresses of the server and the WeCom they came from. */
function moveHouse(file: string, from: Addresses, to: Addresses): void {
  const database = new DatabaseSync(file)
  try {
    const texts = database
      .prepare(
        `select m.name as place, c.name as field from sqlite_master m join pragma_table_info(m.name) c
         where m.type = 'table' and lower(c.type) = 'text'`,
      )
      .all()
    for (const { place, field } of texts as { place: string; field: string }[]) {
      const change = database.prepare(
        `update "${place}" set "${field}" = replace("${field}", :from, :to) where instr("${field}", :from)`,
      )
      change.run({ from: from.publicUrl, to: to.publicUrl })
      change.run({ from: from.simulatorUrl, to: to.simulatorUrl })
    }
  } finally {
    database.close()
  }
}
