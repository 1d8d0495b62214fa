import { spawnSync } from 'node:child_process'
import { installFromApt, mayUseApt } from './apt.mjs'
import { step } from './run.mjs'

const PROXIES = ['nginx', 'caddy']

/** What a policy-rc.d answers that lets no package start its service. */
const FORBIDDEN = 101

/**
 * Makes sure of the reverse proxies of deploy/, which the tests start themselves. Their packages start a service as well, on
 * port 80: where nothing keeps them from that, as in a container, they are not installed, and their tests say that they were
 * not run.
 */
export async function prepareProxies() {
  const missing = PROXIES.filter((program) => spawnSync(program, ['--version']).error)
  if (missing.length === 0 || !mayUseApt() || !startsNoServices()) return
  await step(`Installing ${missing.join(', ')}`, () => installFromApt(missing)).catch((error) =>
    console.log(error.message),
  )
}

const startsNoServices = () => spawnSync('/usr/sbin/policy-rc.d', ['nginx', 'start']).status === FORBIDDEN
