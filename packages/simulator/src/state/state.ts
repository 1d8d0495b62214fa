import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { Chaos } from './faults.ts'
import { LIMITS, type Count, type Limits } from './limits.ts'
import { SCHEMA, upgrade } from './schema.ts'

/** The one app of the one corp this WeCom knows. */
export interface Corp {
  corpId: string
  agentId: number
  secret: string
}

export interface State {
  db: Database.Database
  /** A prepared statement, compiled once per text. */
  sql<Params extends unknown[], Row = unknown>(text: string): Database.Statement<Params, Row>
  corp: Corp
  /** Origin of the workbench app: also the app's trusted domain. */
  appUrl: string
  /** Origin of the simulator itself, `http://localhost:PORT`; known once it listens. */
  url: string
  /** WeCom's clock in milliseconds: token expiry, codes, duplicate windows and message times go by it. */
  now(): number
  /** Emits `phone` with a userid whenever something visible on that phone changed, and `well` when faults are cleared. */
  events: EventEmitter
  /** Until when (real time) every API connection is cut: an outage. Not persisted: a restart ends it. */
  downUntil: number
  /** Faults by chance. Not persisted either. */
  chaos: Chaos | undefined
  /** What has been used of the frequency limits. Not persisted: a restart is generous. */
  counts: Map<string, Count>
}

export const CORP: Corp = {
  corpId: 'ww8f3c6a1b5d2e7094',
  agentId: 1000002,
  secret: 'sim-Qm7xZ0bT4yWc9KpLr2NvHs6JdFgAeUiOtXw1CkBn5Vh',
}

/** Opens the state in `dataFile`, or in memory. */
export function openState(options: { dataFile?: string; appUrl: string; clock?: { now(): number } }): State {
  if (options.dataFile) mkdirSync(dirname(options.dataFile), { recursive: true })
  const db = new Database(options.dataFile ?? ':memory:')
  db.pragma('journal_mode = WAL')
  // A crash of the machine may cost the demo its last second; a crash of the process costs nothing.
  db.pragma('synchronous = NORMAL')
  db.exec(SCHEMA)
  upgrade(db)
  const clock = options.clock ?? Date
  const statements = new Map<string, Database.Statement>()
  const state: State = {
    db,
    sql<Params extends unknown[], Row>(text: string) {
      const statement = statements.get(text) ?? db.prepare(text)
      statements.set(text, statement)
      return statement as Database.Statement<Params, Row>
    },
    corp: CORP,
    appUrl: new URL(options.appUrl).origin,
    url: '',
    now: () => clock.now() + readSettings(state).clockOffsetMs,
    events: new EventEmitter().setMaxListeners(0),
    downUntil: 0,
    chaos: undefined,
    counts: new Map(),
  }
  return state
}

/** 接收消息, as the administrator of the corp enters it for the app (WECOM.md 4.1), and how patient WeCom is with it. */
export interface CallbackAddress {
  url: string
  token: string
  aesKey: string
  /** How long the app may take for an answer. */
  timeoutMs: number
  /** Between two attempts; no source says how long WeCom waits. */
  pauseMs: number
  /** How often an event that was taken is brought once more. */
  duplicates: number
}

export const CALLBACK_HABITS = { timeoutMs: 5000, pauseMs: 1000, duplicates: 0 }

/** What the operator of the simulated WeCom can switch, through `/__sim/settings`. */
export interface Settings {
  /** `same`: gettoken repeats the valid token; `rotate`: each call issues a new one and kills the old (WECOM.md 1.1). */
  tokenMode: 'same' | 'rotate'
  clockOffsetMs: number
  /** Where the app receives messages and events; null: nowhere, so cards with callback buttons are refused (43012). */
  callback: CallbackAddress | null
  /** 上报进入应用事件: opening the app on a phone tells the app so (`enter_agent`). */
  reportEnter: boolean
  limits: Limits
  /** 企业可信IP: addresses that may call with a token; null: any (WECOM.md 1.2). */
  trustedIps: string[] | null
  /** The trusted domain is proved to be the app's; without it JS-SDK is refused (85005, WECOM.md 5.9). */
  domainVerified: boolean
  /** What the administrator of the corp lets the app see. */
  visible: { users: string[]; parties: number[]; tags: number[] }
}

const DEFAULTS: Settings = {
  tokenMode: 'same',
  clockOffsetMs: 0,
  callback: null,
  reportEnter: false,
  limits: LIMITS,
  trustedIps: null,
  domainVerified: true,
  visible: { users: [], parties: [1], tags: [] },
}

const cache = new WeakMap<Database.Database, Settings>()

export function readSettings({ db }: Pick<State, 'db'>): Settings {
  const known = cache.get(db)
  if (known) return known
  const row = db.prepare<[], { value: string }>("SELECT value FROM settings WHERE name = 'settings'").get()
  const settings: Settings = row ? { ...DEFAULTS, ...(JSON.parse(row.value) as Partial<Settings>) } : DEFAULTS
  cache.set(db, settings)
  return settings
}

export function writeSettings({ db }: Pick<State, 'db'>, change: Partial<Settings>): Settings {
  const settings = { ...readSettings({ db }), ...change }
  db.prepare("INSERT OR REPLACE INTO settings VALUES ('settings', ?)").run(JSON.stringify(settings))
  cache.set(db, settings)
  return settings
}

export function forgetSettings({ db }: Pick<State, 'db'>): void {
  cache.delete(db)
}

/** A random, url-safe identifier with a readable prefix. */
export const newId = (prefix: string, bytes = 16): string => prefix + randomBytes(bytes).toString('hex')
