import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Stop } from './command.mjs'
import { step } from './run.mjs'
import { env, node24, requireWritable, root } from './workspace.mjs'

const REQUIRED = ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET']
const SERVER = 'apps/server/src/main.ts'
const SIMULATOR = 'packages/simulator/src/main.ts'
const SEED = 'scripts/seed.ts'
const LOOPBACK = '127.0.0.1'
export const DEMO_FOLDER = 'data/demo'
/** Of what Node has compiled, so that the next start need not: it halves it. */
const COMPILED = join(root, 'node_modules/.cache/compiled')

/** The environment with the .env file under it, read by Node itself so that it means what `node --env-file` means. */
export function readEnvironment() {
  const file = join(root, '.env')
  const args = [...(existsSync(file) ? [`--env-file=${file}`] : []), '-p', 'JSON.stringify(process.env)']
  const given = JSON.parse(execFileSync(node24, args, { env, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 }))
  return { NODE_COMPILE_CACHE: COMPILED, ...given }
}

/**
 * Whether this is the real thing: with no WECOM_* it is a demo, with all that are needed it is real, and anything between
 * stops the start, so that a lost .env never opens a company's data to the demo's pick-who-you-are login.
 */
export function isRealThing(environment) {
  const given = Object.keys(environment).filter((name) => name.startsWith('WECOM_') && environment[name] !== '')
  if (given.length === 0) return false
  const missing = REQUIRED.filter((name) => !given.includes(name))
  if (missing.length === 0) return true
  throw new Stop(
    `${given.join(', ')} ${given.length === 1 ? 'is' : 'are'} set, but ${missing.join(', ')} ` +
      `${missing.length === 1 ? 'is' : 'are'} missing. Set all of them for a real WeCom, or none for the demo.`,
  )
}

/** The server against a real WeCom, logging to the terminal. Resolves to its address. */
export async function startReal(services, environment) {
  const ready = await services.start('The server', [SERVER], { env: environment, isReady: isListening })
  return environment.PUBLIC_URL || ready.url
}

/**
 * The simulator and a server that takes it for WeCom, both on this machine's loopback only, seeded on the first run.
 * `publicPort` is where browsers find the product; the server itself listens there too unless `serverPort` says else.
 */
export async function startDemo(services, environment, { publicPort, simulatorPort, serverPort, watch = false }) {
  const folder = prepareDemoFolder()
  const publicUrl = `http://localhost:${publicPort}`
  const node = watch ? ['--watch'] : []

  const simulator = await step('Starting a WeCom on this machine', () =>
    services.start('The simulator', [...node, SIMULATOR], {
      env: {
        ...withoutOurs(environment),
        HOST: LOOPBACK,
        SIMULATOR_PORT: String(simulatorPort),
        SIMULATOR_DATA: join(folder, 'simulator.db'),
        APP_URL: publicUrl,
      },
      log: join(folder, 'simulator.log'),
      isReady: (message) => message.ready === true,
    }),
  )

  const serverEnv = {
    ...withoutOurs(environment),
    HOST: LOOPBACK,
    PORT: String(serverPort ?? publicPort),
    PUBLIC_URL: publicUrl,
    DATA_DIR: folder,
    ADMIN_USERIDS: 'zhangsan',
    WECOM_CORP_ID: simulator.corp.corpId,
    WECOM_AGENT_ID: String(simulator.corp.agentId),
    WECOM_SECRET: simulator.corp.secret,
    WECOM_API_URL: simulator.url,
    WECOM_OAUTH_URL: simulator.url,
    WECOM_LOGIN_URL: simulator.url,
    WECOM_CALLBACK_TOKEN: randomBytes(16).toString('hex'),
    // 43 letters and digits
    WECOM_CALLBACK_AES_KEY: randomBytes(22).toString('hex').slice(0, 43),
  }
  await seedOnce(services, folder, serverEnv)
  await step('Starting the server', () =>
    services.start('The server', [...node, SERVER], {
      env: serverEnv,
      // Whoever works on the server reads along.
      log: watch ? undefined : join(folder, 'server.log'),
      isReady: isListening,
    }),
  )
  await step('Telling WeCom where the server listens', () => enterCallback(simulator.url, serverEnv))
  return { console: `${publicUrl}/admin/`, phones: `${simulator.url}/` }
}

/** 接收消息, as an administrator enters it: WeCom asks the address before it saves it. */
async function enterCallback(simulatorUrl, { PORT, WECOM_CALLBACK_TOKEN: token, WECOM_CALLBACK_AES_KEY: aesKey }) {
  const url = `http://${LOOPBACK}:${PORT}/wecom/callback`
  const reply = await fetch(`${simulatorUrl}/__sim/callback`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url, token, aesKey }),
  })
  if (!reply.ok) throw new Stop(`The simulator could not reach ${url}: ${await reply.text()}`)
}

export const isListening = (message) => message.msg === 'listening'

/** A demo takes nothing from the settings of a real installation: not its data, not its public address. */
function withoutOurs(environment) {
  const { DATABASE_URL, BLOB_URL, DATA_DIR, PUBLIC_URL, HOST, ADMIN_USERIDS, ...rest } = environment
  return rest
}

function prepareDemoFolder() {
  const folder = join(root, DEMO_FOLDER)
  // A first start that was cut off half-way begins anew: a half-filled corp would stay half-filled for ever.
  if (existsSync(folder) && !existsSync(join(folder, 'seeded'))) rmSync(folder, { recursive: true })
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch {
    requireWritable(existsSync(dirname(folder)) ? dirname(folder) : root)
    requireWritable(folder)
  }
  return folder
}

/** Fills a new demo; the seed owns the database while it works, so it comes before the server. */
async function seedOnce(services, folder, serverEnv) {
  if (existsSync(join(folder, 'seeded'))) return
  await step('Giving the demo a past (the first time only)', () =>
    services.runOnce('The seed', [SEED], { env: serverEnv, log: join(folder, 'seed.log') }),
  )
  writeFileSync(join(folder, 'seeded'), '')
}
