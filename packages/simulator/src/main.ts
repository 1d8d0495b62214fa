import { startSimulator } from './index.ts'

const port = Number(process.env.SIMULATOR_PORT ?? 3001)
const dataFile = process.env.SIMULATOR_DATA
const appUrl = process.env.APP_URL ?? 'http://localhost:3000'
const callback = {
  url: process.env.SIMULATOR_CALLBACK_URL ?? '',
  token: process.env.SIMULATOR_CALLBACK_TOKEN ?? '',
  aesKey: process.env.SIMULATOR_CALLBACK_AES_KEY ?? '',
}

if (!Number.isInteger(port) || port < 0 || port > 65535)
  fail(`SIMULATOR_PORT is not a port: ${process.env.SIMULATOR_PORT}`)
if (!URL.canParse(appUrl)) fail(`APP_URL is not an address: ${appUrl}`)
if (callback.url && (!URL.canParse(callback.url) || !callback.token || callback.aesKey.length !== 43))
  fail('SIMULATOR_CALLBACK_URL needs SIMULATOR_CALLBACK_TOKEN and a SIMULATOR_CALLBACK_AES_KEY of 43 characters')

const simulator = await startSimulator({
  port,
  appUrl,
  ...(dataFile ? { dataFile } : {}),
  ...(callback.url ? { callback } : {}),
}).catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') fail(`port ${port} is taken; set SIMULATOR_PORT to a free one`)
  throw error
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void simulator.close())
}
// One line for whoever started this: where it is, and the credentials of the app in it. Last, since whoever reads it may
// end this process at once.
console.log(JSON.stringify({ ready: true, url: simulator.url, corp: simulator.corp }))

function fail(reason: string): never {
  console.error(`simulator: ${reason}`)
  process.exit(1)
}
