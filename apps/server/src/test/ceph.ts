import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const run = promisify(execFile)

/** Whoever has these may do anything in the throw-away store, and nothing elsewhere. */
export const CEPH_KEYS = { accessKeyId: 'PROOFKEY', secretAccessKey: 'proofsecret' }

/** A real S3 server: Ceph's object gateway, path-style, region us-east-1, with all its data in memory. */
export interface Ceph {
  /** As BLOB_URL has it. */
  endpoint: string
  stop(): Promise<void>
}

/** How long (ms) a part of it may take to come up on a machine that is busy with other things. */
const PATIENCE = 120_000
const RESPAWN_AFTER = 100

/** Starts one with Debian's programs, in a folder of its own; it takes some ten seconds. Gone when stopped. */
export async function startCeph(): Promise<Ceph> {
  await run('radosgw', ['--version']).catch(() => {
    throw new Error('Ceph is not here: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common')
  })
  const folder = await mkdtemp(join(tmpdir(), 'qimeng-ceph-'))
  const [monPort, port] = await Promise.all([freePort(), freePort()])
  const fsid = randomUUID()
  for (const name of ['mon', 'osd', 'run', 'rgw']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'ceph.conf'), configuration(folder, fsid, monPort, port))
  const running = new Set<ChildProcess>()
  let stopping = false

  const ask = (program: string, ...args: string[]) =>
    run(program, ['-c', 'ceph.conf', ...args], { cwd: folder, timeout: PATIENCE })
  /** Again when it ends: an OSD gives up when it asks the monitor before the monitor has told who it is. */
  const keepRunning = (program: string, ...args: string[]) => {
    const child = spawn(program, ['-c', 'ceph.conf', ...args, '-f'], { cwd: folder, stdio: 'ignore' })
    running.add(child)
    child.once('exit', () => {
      running.delete(child)
      if (!stopping) setTimeout(keepRunning, RESPAWN_AFTER, program, ...args).unref()
    })
  }
  const stop = async () => {
    stopping = true
    for (const child of running) {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    await rm(folder, { recursive: true, force: true })
  }

  try {
    const monitors = ['--create', '--fsid', fsid, '--addv', 'a', `[v1:127.0.0.1:${monPort}]`, 'monmap']
    await run('monmaptool', monitors, { cwd: folder })
    await ask('ceph-mon', '-i', 'a', '--mkfs', '--monmap', 'monmap')
    keepRunning('ceph-mon', '-i', 'a')
    const osd = randomUUID()
    await ask('ceph', 'osd', 'new', osd)
    await ask('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd)
    keepRunning('ceph-osd', '-i', '0')
    const keys = ['--access-key', CEPH_KEYS.accessKeyId, '--secret-key', CEPH_KEYS.secretAccessKey]
    await ask('radosgw-admin', 'user', 'create', '--uid=moments', '--display-name=moments', ...keys)
    keepRunning('radosgw', '-n', 'client.rgw')
    const endpoint = `http://127.0.0.1:${port}`
    await untilAnswers(endpoint)
    return { endpoint, stop }
  } catch (error) {
    const said = await readFile(join(folder, 'log'), 'utf8').catch(() => '')
    await stop()
    throw new Error(`Ceph did not start:\n${said.split('\n').slice(-20).join('\n')}`, { cause: error })
  }
}

/** One disk in memory, one copy of everything, nobody asks who is who: it is for us alone and for minutes. */
const configuration = (folder: string, fsid: string, monPort: number, port: number) => `[global]
fsid = ${fsid}
mon host = v1:127.0.0.1:${monPort}
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd crush chooseleaf type = 0
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon max pg per osd = 500
osd objectstore = memstore
memstore device bytes = 1073741824
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
log file = ${folder}/log
mon data = ${folder}/mon
osd data = ${folder}/osd
keyring = ${folder}/keyring
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw data = ${folder}/rgw
`

async function untilAnswers(endpoint: string) {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    if (
      await fetch(endpoint).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the gateway did not answer within ${PATIENCE / 1000} s`)
}
