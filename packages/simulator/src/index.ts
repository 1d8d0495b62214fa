import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import { startCallbacks } from './callbacks/sender.ts'
import { seedCorp } from './seed/corp.ts'
import { countPeople } from './state/people.ts'
import { CALLBACK_HABITS, openState, writeSettings, type Corp } from './state/state.ts'

export interface Simulator {
  /** `http://localhost:PORT`: the value for WECOM_API_URL, WECOM_OAUTH_URL and WECOM_LOGIN_URL. */
  url: string
  port: number
  corp: Corp
  close(): Promise<void>
}

export interface SimulatorOptions {
  /** 0 takes a free one. */
  port: number
  /** SQLite file; without it the state lives in memory and dies with the process. */
  dataFile?: string
  /** PUBLIC_URL of the workbench app, for example http://localhost:3000. */
  appUrl: string
  /** Size of the corp seeded when the state is empty. */
  people?: number
  clock?: { now(): number }
  /** The app's callback address, taken as verified; without it the one last set by `/__sim/callback` counts. */
  callback?: { url: string; token: string; aesKey: string }
}

const DEFAULT_PEOPLE = 260

/** Starts a WeCom on this machine, reachable from this machine only. Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const state = openState(options)
  const people = options.people ?? DEFAULT_PEOPLE
  if (countPeople(state) === 0) state.db.transaction(() => seedCorp(state, people))()
  if (options.callback) writeSettings(state, { callback: { ...CALLBACK_HABITS, ...options.callback } })
  const server = createServer(createApp(state, people))
  try {
    await listen(server, options.port)
  } catch (error) {
    state.db.close()
    throw error
  }
  const { port } = server.address() as AddressInfo
  state.url = `http://localhost:${port}`
  const stopCallbacks = startCallbacks(state)
  return {
    url: state.url,
    port,
    corp: state.corp,
    async close() {
      stopCallbacks()
      const closed = new Promise((resolve) => server.close(resolve))
      // Event streams of open phone pages never end by themselves.
      server.closeAllConnections()
      await closed
      state.db.close()
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
