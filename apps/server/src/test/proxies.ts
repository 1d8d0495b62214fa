import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const DEPLOY = new URL('../../../../deploy/', import.meta.url)
export const HOST_NAME = 'moments.example.com'

/** One of the proxies of `deploy/` at work before a server, with our example as it stands but for ports and certificate. */
export interface Proxy {
  httpsPort: number
  httpPort: number
  stop(): Promise<void>
}

interface Place {
  folder: string
  httpPort: number
  httpsPort: number
  serverPort: number
}

/** Each replacement must hit: an example that has changed is adapted anew, and not tested half. */
function adapt(text: string, replacements: [RegExp, string][]): string {
  return replacements.reduce((adapted, [pattern, by]) => {
    if (!pattern.test(adapted)) throw new Error(`the example has nothing like ${pattern} any more`)
    return adapted.replace(pattern, by)
  }, text)
}

interface Kind {
  version: string[]
  write(place: Place): Promise<{ command: string; args: string[] }>
}

export const PROXIES: Record<'nginx' | 'caddy', Kind> = {
  nginx: {
    version: ['-v'],
    async write({ folder, httpPort, httpsPort, serverPort }) {
      const example = adapt(await readFile(new URL('nginx.conf', DEPLOY), 'utf8'), [
        [/listen 80;/, `listen 127.0.0.1:${httpPort};`],
        [/listen 443 /, `listen 127.0.0.1:${httpsPort} `],
        [/^ *listen \[::\].*\n/gm, ''],
        [/\/etc\/letsencrypt\/live\/moments\.example\.com\/fullchain\.pem/, join(folder, 'certificate.pem')],
        [/\/etc\/letsencrypt\/live\/moments\.example\.com\/privkey\.pem/, join(folder, 'key.pem')],
        [/^ *server 127\.0\.0\.1:3000/m, `server 127.0.0.1:${serverPort}`],
      ])
      const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${folder}/${kind};`,
      )
      const main = `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log stderr;
        events {} http { access_log off; ${kept.join(' ')}\n${example}}`
      await writeFile(join(folder, 'nginx.conf'), main)
      return { command: 'nginx', args: ['-p', folder, '-c', join(folder, 'nginx.conf')] }
    },
  },
  caddy: {
    version: ['version'],
    async write({ folder, httpPort, httpsPort, serverPort }) {
      const example = adapt(await readFile(new URL('Caddyfile', DEPLOY), 'utf8'), [
        [
          /^moments\.example\.com \{/m,
          `${HOST_NAME} {\n\ttls ${folder}/certificate.pem ${folder}/key.pem\n\tbind 127.0.0.1`,
        ],
        [/reverse_proxy 127\.0\.0\.1:3000/, `reverse_proxy 127.0.0.1:${serverPort}`],
      ])
      const global = `{\n\tadmin off\n\thttp_port ${httpPort}\n\thttps_port ${httpsPort}\n\tstorage file_system ${folder}\n}\n`
      await writeFile(join(folder, 'Caddyfile'), global + example)
      return { command: 'caddy', args: ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'] }
    },
  },
}

/** Whether tests can have one on this machine. */
export const hasProxy = (name: keyof typeof PROXIES) =>
  spawnSync(name, PROXIES[name].version).status === 0 && spawnSync('openssl', ['version']).status === 0

export async function startProxy(name: keyof typeof PROXIES, serverPort: number): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), `qimeng-${name}-`))
  const place = { folder, serverPort, httpPort: await freePort(), httpsPort: await freePort() }
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${HOST_NAME}`, '-addext', `subjectAltName=DNS:${HOST_NAME}`],
    ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')],
  ])
  const { command, args } = await PROXIES[name].write(place)
  const proxy = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder } })
  const ended = once(proxy, 'exit')
  let said = ''
  proxy.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text))
  while (!(await answers(place.httpsPort))) {
    if (proxy.exitCode !== null) throw new Error(`${name} did not start:\n${said}`)
    await delay(20)
  }
  return {
    ...place,
    async stop() {
      proxy.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const say = (open: boolean) => void (socket.destroy(), resolve(open))
    socket.once('connect', () => say(true)).once('error', () => say(false))
  })
