import { resolve } from 'node:path'
import { formatShanghai } from '@qimeng/contract/time'
import { pino } from 'pino'
import { openDiskBlobs } from '../blobs/disk.ts'
import { appointAdmin, listAdmins } from '../auth/admins.ts'
import { folderOfBlobs, openBlobs, tryOut } from '../blobs/open.ts'
import { nameOfPlace } from '../blobs/s3-place.ts'
import type { Config } from '../config.ts'
import { OperatorError } from '../explain.ts'
import type { Parts } from '../parts.ts'
import { syncDirectory } from '../people/sync.ts'
import { type Backup, listBackups, makeBackup, dropOldBackups } from './backup.ts'
import { toPostgres, toSqlite } from './move/commands.ts'
import type { MoveOrder } from './move/move.ts'
import { sourceFile } from './move/places.ts'
import { copyBlobs } from './copy-blobs.ts'
import { renewLinks } from './renew-links.ts'
import { diagnose, report } from './report.ts'
import { restore } from './restore.ts'

export interface CommandContext {
  config: Config
  args: string[]
  print(line: string): void
  /** Opens the database, which brings it up to date. On SQLite the server must be stopped. */
  open(): Promise<Parts>
}

interface Command {
  usage: string
  /** @returns the exit code */
  run(context: CommandContext): Promise<number>
}

export const COMMANDS: Record<string, Command> = {
  doctor: {
    usage: 'doctor               checks the connection to WeCom and this installation, as 设置 → 配置检查 does',
    run: doctor,
  },
  sync: {
    usage: 'sync                 copies the directory from WeCom now',
    run: (context) => withParts(context, sync),
  },
  migrate: {
    usage: 'migrate              brings the database up to date, as a start does',
    run: (context) => withParts(context, async (_parts, { print }) => (print('The database is up to date.'), 0)),
  },
  admin: {
    usage:
      'admin add <userid>   lets somebody into the console, also when nobody is left who could; admin list names all',
    run: (context) => withParts(context, admin),
  },
  backup: {
    usage: 'backup [folder]      makes a backup below the folder (BACKUP_DIR), also while the server runs',
    run: backup,
  },
  'copy-blobs': {
    usage: 'copy-blobs           copies pictures and exports from DATA_DIR into the store of BLOB_URL; can be repeated',
    run: bringBlobs,
  },
  restore: {
    usage: 'restore <backup>     puts a backup in the place of the data; the server must be stopped',
    run: putBack,
  },
  hold: {
    usage: 'hold                 after a restore of PostgreSQL: the next start sends nothing that was due meanwhile',
    run: (context) => withParts(context, hold),
  },
  'renew-links': {
    usage: 'renew-links          ends every picture link that is out, as when one has leaked; pages get new ones',
    run: (context) => withParts(context, newLinks),
  },
  'migrate-to-postgres': {
    usage:
      'migrate-to-postgres  moves the SQLite file of DATA_DIR (or [file]) to DATABASE_URL; the server must be stopped',
    run: (context) => move(context, toPostgres),
  },
  'return-to-sqlite': {
    usage: 'return-to-sqlite     the way back: the file [file] sends again, what PostgreSQL holds is given up',
    run: (context) => move(context, toSqlite),
  },
}

export const describeCommands = () =>
  `Usage: pnpm cli <command>\n\n${Object.values(COMMANDS)
    .map(({ usage }) => `  ${usage}\n`)
    .join('')}`

async function withParts(context: CommandContext, work: (parts: Parts, context: CommandContext) => Promise<number>) {
  const parts = await context.open()
  try {
    return await work(parts, context)
  } finally {
    await parts.jobs.stop()
    await parts.db.destroy()
  }
}

async function doctor({ config, print }: CommandContext) {
  const checks = await diagnose(config)
  print(report(checks))
  return checks.every(({ ok }) => ok) ? 0 : 1
}

async function sync(parts: Parts, { print }: CommandContext) {
  await syncDirectory(parts, 'cli', new AbortController().signal)
  const newest = await parts.db.selectFrom('directorySyncs').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
  print(newest.error ?? `${newest.people} people in ${newest.departments} departments.`)
  return newest.error === null ? 0 : 1
}

async function admin(parts: Parts, { args, print }: CommandContext) {
  const [order, userid] = args
  if (order === 'list') {
    for (const { userid, name, active } of await listAdmins(parts.db))
      print(`${userid}  ${name}${active ? '' : '  (not in the directory, or has left)'}`)
    return 0
  }
  if (order !== 'add' || !userid)
    throw new OperatorError('Whom? admin add <userid>, as it stands in WeCom; or admin list.')
  const isNew = await appointAdmin(parts, 'system', userid)
  print(isNew ? `${userid} may log in to the console now.` : `${userid} is an administrator already.`)
  return 0
}

async function hold(parts: Parts, { print }: CommandContext) {
  await parts.db.insertInto('copyMarks').values({ takenAt: parts.clock.now() }).execute()
  print('The next start sends nothing that is due by then or under way now; administrators decide.')
  return 0
}

async function newLinks(parts: Parts, { print }: CommandContext) {
  await renewLinks(parts)
  print('No picture link made until now opens any more. Pages that are open get new ones.')
  return 0
}

async function backup({ config, args, print }: CommandContext) {
  const [given] = args
  const folder = given === undefined ? config.backup?.folder : resolve(given)
  if (folder === undefined) throw new OperatorError('Where to? Name a folder, or set BACKUP_DIR.')
  const made = await makeBackup(config, folder, Date.now())
  // A folder named here is the operator's own: what is kept there is not ours to say.
  if (given === undefined && config.backup) await dropOldBackups(folder, config.backup.keep)
  print(describe(made))
  return 0
}

async function bringBlobs({ config, print }: CommandContext) {
  if (config.s3 === null) throw new OperatorError('Where to? Set BLOB_URL.')
  const to = await openBlobs(config)
  await tryOut(to)
  const { copied, there } = await copyBlobs(await openDiskBlobs(folderOfBlobs(config)), to)
  print(`${copied} copied to ${nameOfPlace(config.s3)}, ${there} were there already.`)
  return 0
}

async function putBack({ config, args, print }: CommandContext) {
  const [given] = args
  if (given === undefined) {
    const known = config.backup ? await listBackups(config.backup.folder) : []
    throw new OperatorError(['Which backup? Name its folder.', ...known.map(describe)].join('\n'))
  }
  const { backup: restored, before } = await restore(config, resolve(given), Date.now())
  print(`Restored ${describe(restored)}`)
  if (before !== null) print(`The database that was there before is ${before}.`)
  if (restored.store !== undefined && config.s3 === null) print('Set BLOB_URL: without it there are no pictures.')
  if (restored.files > 0 && config.s3 !== null)
    print('Its pictures are in DATA_DIR now: run copy-blobs before the start.')
  print('What has fallen due since the backup is not sent by itself: it waits for an administrator as 已错过.')
  return 0
}

async function move({ config, args, print }: CommandContext, work: (order: MoveOrder) => Promise<void>) {
  const [given] = args
  const file = sourceFile(config, given === undefined ? undefined : resolve(given))
  await work({ config, file, print, clock: { now: Date.now }, log: pino({ level: 'warn' }) })
  return 0
}

function describe({ folder, takenAt, files, bytes, store }: Backup) {
  const size = `${files} files, ${(bytes / 1024 ** 2).toFixed(1)} MB of pictures and exports`
  return `${folder}: ${formatShanghai(takenAt)} (Shanghai), ${store === undefined ? size : `pictures and exports are in ${store}`}`
}
