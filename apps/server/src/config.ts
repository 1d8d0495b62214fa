import { isIP } from 'node:net'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { CARD_KINDS, type CardKind } from '@qimeng/contract/card'
import { LIMITS } from '@qimeng/contract/limits'
import { DAY, HOUR, SECOND } from '@qimeng/contract/time'
import { WECOM_HOSTS } from '@qimeng/wecom'
import { z } from 'zod'
import { faultOfS3Url, readS3Url, type S3Place } from './blobs/s3-place.ts'

/** The environment names something that cannot work; the message says which and why, one line each. */
export class BadConfiguration extends Error {
  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.name = 'BadConfiguration'
  }
}

const port = z.coerce.number().int().min(0).max(65535)
const url = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), 'must be an http(s) URL')

/** Days. Pictures that nothing uses wait for seven before they go, and so do exports. */
const age = z.coerce.number().int().min(7).max(36_500)

const listOf = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)

/** Express's own names for the networks that are nobody's on the internet. */
const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal']
const areNetworks = (list: string[]) =>
  list.every(
    (each) => NETWORK_NAMES.includes(each) || (isIP(each.split('/')[0]!) > 0 && /^[^/]+(\/\d{1,3})?$/.test(each)),
  )

const Environment = z.object({
  ROLE: z.enum(['all', 'web', 'worker'], 'must be all, web or worker').default('all'),
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  TRUST_PROXY: z
    .string()
    .default('loopback')
    .transform(listOf)
    .refine(areNetworks, 'must be addresses or networks, separated by commas'),
  METRICS_PORT: port.optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: url.optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:|postgres(ql)?:\/\/)/, 'must begin with sqlite: or postgres://')
    .refine(
      (text) => text.startsWith('sqlite:') || URL.canParse(text),
      'is no address: user and password with other than letters and digits must be percent-encoded',
    )
    .optional(),
  BLOB_URL: z
    .string()
    .superRefine((text, { addIssue }) => {
      const message = faultOfS3Url(text)
      if (message !== undefined) addIssue({ code: 'custom', message })
    })
    .optional(),
  BLOB_ACCESS_KEY_ID: z.string().min(1).optional(),
  BLOB_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  BACKUP_DIR: z.string().min(1).optional(),
  BACKUP_EVERY: z.coerce.number().min(1).default(24),
  BACKUP_KEEP: z.coerce.number().int().min(1).default(14),
  KEEP_PROOFS_DAYS: age.optional(),
  KEEP_TASKS_DAYS: age.optional(),
  DRAIN_SECONDS: z.coerce.number().min(0).max(8).default(0),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SLOW_QUERY_MS: z.coerce.number().int().min(1).default(500),
  ADMIN_USERIDS: z.string().default(''),
  MAX_EXECUTORS: z.coerce.number().int().min(1).max(LIMITS.executorsCeiling).default(LIMITS.executors),
  CARD_KIND: z.enum(CARD_KINDS).default('textcard'),
  WECOM_CORP_ID: z.string({ error: 'is missing' }).min(1, 'is missing'),
  WECOM_AGENT_ID: z.coerce.number({ error: 'must be a number' }).int().positive(),
  WECOM_SECRET: z.string({ error: 'is missing' }).min(1, 'is missing'),
  WECOM_DOMAIN_FILE: z
    .string()
    .refine(
      (path) => /^WW_verify_\w+\.txt$/.test(basename(path)),
      'must name the file WW_verify_….txt as WeCom gave it',
    )
    .optional(),
  WECOM_CALLBACK_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9]{1,32}$/, 'must be up to 32 letters and digits')
    .optional(),
  WECOM_CALLBACK_AES_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, 'must be 43 letters and digits')
    .optional(),
  WECOM_API_URL: url.default(WECOM_HOSTS.apiUrl),
  WECOM_OAUTH_URL: url.default(WECOM_HOSTS.oauthUrl),
  WECOM_LOGIN_URL: url.default(WECOM_HOSTS.loginUrl),
})

/** The names of all variables that are read. */
export const VARIABLES = Object.keys(Environment.shape)

/** What a process does: answer people (web), run background jobs (worker), or both. */
export type Role = z.infer<typeof Environment>['ROLE']

export interface Config {
  role: Role
  port: number
  host: string
  /** Addresses of the proxies whose X-Forwarded-For is believed, as Express takes them. */
  trustProxy: string[]
  /** Where Prometheus asks, apart from everybody else; null when nobody does. */
  metrics: { port: number; host: string } | null
  /** Origin of PUBLIC_URL, without a slash at the end: what browsers and WeCom see. */
  publicUrl: string
  /** Cookies are Secure, and carry the __Host- prefix, exactly when PUBLIC_URL is https. */
  secure: boolean
  dataDir: string
  databaseUrl: string
  /** Where pictures and exports lie when it is no folder in dataDir. */
  s3: Readonly<S3Place> | null
  /** Where backups go, how far apart (ms) they are and how many are kept; null when nobody asked for any. */
  backup: { folder: string; every: number; keep: number } | null
  /** How old (ms) proofs and ended tasks become before they are erased; null: they never are. */
  keep: { proofs: number | null; tasks: number | null }
  /** How long (ms) a process that is told to stop says so by /readyz while it still answers. */
  drain: number
  logLevel: string
  /** Statements of the database that take longer (ms) are logged. */
  slowQuery: number
  /** Administrators of an empty list. */
  adminUserids: readonly string[]
  maxExecutors: number
  cardKind: CardKind
  /** Path of the file by which WeCom checks that the trusted domain is ours (WECOM.md 5.9); null when not set. */
  domainFile: string | null
  /** Token and EncodingAESKey of 接收消息 (WECOM.md 4.1); null when WeCom tells us nothing. */
  callback: { token: string; encodingAesKey: string } | null
  wecom: { corpId: string; agentId: number; secret: string; apiUrl: string; oauthUrl: string; loginUrl: string }
}

/**
 * Reads the environment once, at the start.
 * @throws {BadConfiguration}
 */
export function readConfig(environment: Record<string, string | undefined>): Readonly<Config> {
  // An empty value in a .env file means "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    throw new BadConfiguration(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const env = parsed.data
  if (env.PORT === 0 && env.PUBLIC_URL === undefined) {
    throw new BadConfiguration(['PUBLIC_URL must be set when PORT is 0: the port is not known before the start'])
  }
  const publicUrl = new URL(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`)
  if (publicUrl.pathname !== '/') throw new BadConfiguration(['PUBLIC_URL must not have a path'])
  const secure = publicUrl.protocol === 'https:'
  if (!secure && !isLoopback(publicUrl.hostname)) {
    throw new BadConfiguration(['PUBLIC_URL must be https: plain http is for this machine only'])
  }
  const dataDir = isAbsolute(env.DATA_DIR) ? env.DATA_DIR : resolve(env.DATA_DIR)
  const databaseUrl = env.DATABASE_URL ?? `sqlite:${join(dataDir, 'moments.db')}`
  checkRole(env, databaseUrl)
  return Object.freeze({
    role: env.ROLE,
    port: env.PORT,
    host: env.HOST,
    trustProxy: env.TRUST_PROXY,
    metrics: env.METRICS_PORT === undefined ? null : { port: env.METRICS_PORT, host: env.METRICS_HOST },
    publicUrl: publicUrl.origin,
    secure,
    dataDir,
    databaseUrl,
    s3: readS3Place(env),
    backup: readBackupPlan(env, databaseUrl),
    keep: { proofs: inDays(env.KEEP_PROOFS_DAYS), tasks: inDays(env.KEEP_TASKS_DAYS) },
    drain: env.DRAIN_SECONDS * SECOND,
    logLevel: env.LOG_LEVEL,
    slowQuery: env.SLOW_QUERY_MS,
    adminUserids: readUserids(env.ADMIN_USERIDS),
    maxExecutors: env.MAX_EXECUTORS,
    cardKind: env.CARD_KIND,
    domainFile: env.WECOM_DOMAIN_FILE === undefined ? null : resolve(env.WECOM_DOMAIN_FILE),
    callback: readCallback(env.WECOM_CALLBACK_TOKEN, env.WECOM_CALLBACK_AES_KEY),
    wecom: {
      corpId: env.WECOM_CORP_ID,
      agentId: env.WECOM_AGENT_ID,
      secret: env.WECOM_SECRET,
      apiUrl: env.WECOM_API_URL.replace(/\/$/, ''),
      oauthUrl: env.WECOM_OAUTH_URL.replace(/\/$/, ''),
      loginUrl: env.WECOM_LOGIN_URL.replace(/\/$/, ''),
    },
  })
}

const inDays = (days: number | undefined) => (days === undefined ? null : days * DAY)

function checkRole({ ROLE, PUBLIC_URL }: z.infer<typeof Environment>, databaseUrl: string) {
  if (ROLE === 'all') return
  if (databaseUrl.startsWith('sqlite:')) {
    throw new BadConfiguration([
      `ROLE=${ROLE} needs PostgreSQL: on SQLite one process does everything. Leave ROLE out, or set DATABASE_URL.`,
    ])
  }
  // A worker writes it into the cards, and its own port is not where people are answered.
  if (PUBLIC_URL === undefined) throw new BadConfiguration([`PUBLIC_URL must be set when ROLE is ${ROLE}`])
}

function readS3Place({
  BLOB_URL: url,
  BLOB_ACCESS_KEY_ID: accessKeyId,
  BLOB_SECRET_ACCESS_KEY: secretAccessKey,
}: z.infer<typeof Environment>): Config['s3'] {
  if (url === undefined) return null
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return Object.freeze({ ...readS3Url(url), accessKeyId, secretAccessKey })
  }
  const missing = accessKeyId === undefined ? 'BLOB_ACCESS_KEY_ID' : 'BLOB_SECRET_ACCESS_KEY'
  throw new BadConfiguration([`${missing} is missing: BLOB_URL names a store that asks for both keys`])
}

function readBackupPlan(env: z.infer<typeof Environment>, databaseUrl: string): Config['backup'] {
  if (env.BACKUP_DIR === undefined) return null
  if (!databaseUrl.startsWith('sqlite:')) {
    throw new BadConfiguration(['BACKUP_DIR is for SQLite: back PostgreSQL up with pg_dump (docs/deploy.md)'])
  }
  return { folder: resolve(env.BACKUP_DIR), every: env.BACKUP_EVERY * HOUR, keep: env.BACKUP_KEEP }
}

function readCallback(token: string | undefined, encodingAesKey: string | undefined): Config['callback'] {
  if (token !== undefined && encodingAesKey !== undefined) return { token, encodingAesKey }
  if (token === undefined && encodingAesKey === undefined) return null
  const missing = token === undefined ? 'WECOM_CALLBACK_TOKEN' : 'WECOM_CALLBACK_AES_KEY'
  throw new BadConfiguration([`${missing} is missing: WeCom gives both together, under 接收消息`])
}

/** Each person once, in the first spelling: WeCom's userids ignore case. */
function readUserids(list: string): string[] {
  const userids = listOf(list)
  const folded = userids.map((userid) => userid.toLowerCase())
  return userids.filter((_, index) => folded.indexOf(folded[index]!) === index)
}

const isLoopback = (host: string) =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
