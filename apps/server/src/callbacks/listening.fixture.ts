import { startWorld, type World, type WorldOptions } from '../test/world.ts'
import { CALLBACK_PATH } from './routes.ts'

export const TOKEN = 'simtoken'
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE'

export const CALLBACK_ENV = { WECOM_CALLBACK_TOKEN: TOKEN, WECOM_CALLBACK_AES_KEY: AES_KEY }

/** A world in which somebody has entered our address in WeCom's backend. */
export async function startListeningWorld({ env, ...options }: WorldOptions = {}): Promise<World> {
  const world = await startWorld({ ...options, env: { ...CALLBACK_ENV, ...env } })
  await listenHere(world)
  return world
}

export const listenHere = (world: World, habits: { duplicates?: number } = {}) =>
  world.wecom.listenAt({ url: world.publicUrl + CALLBACK_PATH, token: TOKEN, aesKey: AES_KEY, pauseMs: 1, ...habits })
