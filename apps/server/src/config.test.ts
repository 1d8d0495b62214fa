import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BadConfiguration, readConfig, VARIABLES } from './config.ts'

const complete = { WECOM_CORP_ID: 'ww1', WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'secret', DATA_DIR: '/data' }
const read = (change: Record<string, string | undefined>) => readConfig({ ...complete, ...change })

describe('the environment', () => {
  test('needs only the WeCom app; the rest has defaults, among them WeCom’s real hosts', () => {
    expect(read({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      secure: false,
      databaseUrl: 'sqlite:/data/moments.db',
      adminUserids: [],
      maxExecutors: 100,
      cardKind: 'textcard',
      wecom: {
        apiUrl: 'https://qyapi.weixin.qq.com',
        oauthUrl: 'https://open.weixin.qq.com',
        loginUrl: 'https://login.work.weixin.qq.com',
      },
    })
  })

  test('with an empty value counts as not set', () => {
    expect(read({ PORT: '', PUBLIC_URL: '' })).toMatchObject({ port: 3000, publicUrl: 'http://localhost:3000' })
  })

  test('is read once and for all', () => {
    expect(Object.isFrozen(read({}))).toBe(true)
  })

  test('names everything that is wrong at once', () => {
    const problems = () => readConfig({ WECOM_AGENT_ID: 'one', PORT: '99999', MAX_EXECUTORS: '0' })
    expect(problems).toThrow(BadConfiguration)
    for (const name of [
      'PORT',
      'MAX_EXECUTORS',
      'WECOM_CORP_ID is missing',
      'WECOM_AGENT_ID must be a number',
      'WECOM_SECRET is missing',
    ]) {
      expect(problems).toThrow(name)
    }
  })

  test('with administrators takes them one by one', () => {
    expect(read({ ADMIN_USERIDS: ' zhangsan, lisi ,,' }).adminUserids).toEqual(['zhangsan', 'lisi'])
  })

  test('names each administrator once, in whatever case', () => {
    expect(read({ ADMIN_USERIDS: 'ZhangSan,lisi,zhangsan' }).adminUserids).toEqual(['ZhangSan', 'lisi'])
  })
})

describe('KEEP_TASKS_DAYS and KEEP_PROOFS_DAYS', () => {
  test('are off until they are set', () => {
    expect(read({}).keep).toEqual({ tasks: null, proofs: null })
    expect(read({ KEEP_PROOFS_DAYS: '90' }).keep).toEqual({ tasks: null, proofs: 90 * 86_400_000 })
    expect(read({ KEEP_TASKS_DAYS: '400', KEEP_PROOFS_DAYS: '' }).keep).toEqual({
      tasks: 400 * 86_400_000,
      proofs: null,
    })
  })

  test.each(['0', '6', '30.5', 'a year'])('of %s days are refused', (days) => {
    expect(() => read({ KEEP_TASKS_DAYS: days })).toThrow('KEEP_TASKS_DAYS')
  })
})

describe('.env.example', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')
  const lines = [...example.matchAll(/^(# )?([A-Z_]+)=(\S*)/gm)].map(([, , name, value]) => [name!, value!] as const)

  test('names every variable, and none that is not read', () => {
    // The last one is the demo's (scripts/start.mjs).
    expect(lines.map(([name]) => name).sort()).toEqual([...VARIABLES, 'SIMULATOR_PORT'].sort())
  })

  test('shows the defaults', () => {
    expect(read({ ...Object.fromEntries(lines), ...complete })).toEqual(read({}))
  })
})

describe('TRUST_PROXY', () => {
  test('is this machine, or the addresses and networks of the proxies', () => {
    expect(read({}).trustProxy).toEqual(['loopback'])
    expect(read({ TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::1' }).trustProxy).toEqual([
      'loopback',
      '10.0.0.0/8',
      'fd00::1',
    ])
  })

  test.each(['true', '1', 'proxy.example.com', '10.0.0.0/8/8'])('%s is none of these', (value) =>
    expect(() => read({ TRUST_PROXY: value })).toThrow('TRUST_PROXY must be addresses'),
  )
})

describe('BLOB_URL', () => {
  const keys = { BLOB_ACCESS_KEY_ID: 'key', BLOB_SECRET_ACCESS_KEY: 'secret' }
  const s3 = (BLOB_URL: string) => read({ ...keys, BLOB_URL }).s3

  test('names a bucket, of Amazon’s or of another store', () => {
    expect(read({}).s3).toBeNull()
    const common = { accessKeyId: 'key', secretAccessKey: 'secret' }
    expect(s3('s3://moments?region=eu-central-1')).toEqual({
      ...common,
      ...{ bucket: 'moments', prefix: '', endpoint: null, region: 'eu-central-1', pathStyle: false },
    })
    expect(s3('s3://moments/acme/live/?endpoint=http://minio.internal:9000&style=path')).toEqual({
      ...common,
      ...{ bucket: 'moments', prefix: 'acme/live/', endpoint: 'http://minio.internal:9000' },
      ...{ region: 'us-east-1', pathStyle: true },
    })
  })

  test.each([
    ['https://moments.s3.amazonaws.com', 'must look like s3://bucket'],
    ['s3:moments', 'must look like s3://bucket'],
    ['s3:///prefix', 'names no bucket'],
    ['s3://Mo_ments', 'names no bucket'],
    ['s3://key:secret@moments', 'must not hold keys'],
    ['s3://moments/../x y', 'has a prefix of other than'],
    ['s3://moments?endpont=https://a.example', 'has the parameter endpont'],
    ['s3://moments?endpoint=minio:9000', 'has an endpoint that is no http(s) address'],
    ['s3://moments?endpoint=https://a.example/b', 'has an endpoint that is no http(s) address'],
    ['s3://moments?style=paths', 'has the style paths'],
  ])('%s is refused', (url, message) => expect(() => s3(url)).toThrow(`BLOB_URL ${message}`))

  test('needs both of its keys', () => {
    expect(() => read({ BLOB_URL: 's3://moments', BLOB_ACCESS_KEY_ID: 'key' })).toThrow(
      'BLOB_SECRET_ACCESS_KEY is missing',
    )
    expect(() => read({ BLOB_URL: 's3://moments' })).toThrow('BLOB_ACCESS_KEY_ID is missing')
  })
})

describe('BACKUP_DIR', () => {
  test('asks for a backup a day, of which two weeks are kept', () => {
    expect(read({}).backup).toBeNull()
    expect(read({ BACKUP_DIR: '/backups' }).backup).toEqual({ folder: '/backups', every: 24 * 3_600_000, keep: 14 })
  })
})

describe('METRICS_PORT', () => {
  test('opens a port for this machine alone', () => {
    expect(read({}).metrics).toBeNull()
    expect(read({ METRICS_PORT: '9464' }).metrics).toEqual({ port: 9464, host: '127.0.0.1' })
  })
})

describe('WECOM_DOMAIN_FILE', () => {
  test('is a path to the file that WeCom gave', () => {
    expect(read({ WECOM_DOMAIN_FILE: '/etc/moments/WW_verify_a1.txt' }).domainFile).toBe(
      '/etc/moments/WW_verify_a1.txt',
    )
    expect(read({}).domainFile).toBeNull()
  })

  test.each(['/etc/passwd', 'WW_verify_.txt', '/data/WW_verify_a.html'])('%s is none of these', (path) =>
    expect(() => read({ WECOM_DOMAIN_FILE: path })).toThrow('WECOM_DOMAIN_FILE must name the file'),
  )
})

describe('WECOM_CALLBACK_TOKEN and WECOM_CALLBACK_AES_KEY', () => {
  const both = { WECOM_CALLBACK_TOKEN: 'Token1', WECOM_CALLBACK_AES_KEY: 'k'.repeat(43) }

  test('come together, or not at all', () => {
    expect(read(both).callback).toEqual({ token: 'Token1', encodingAesKey: 'k'.repeat(43) })
    expect(read({}).callback).toBeNull()
    expect(() => read({ ...both, WECOM_CALLBACK_TOKEN: '' })).toThrow('WECOM_CALLBACK_TOKEN is missing')
    expect(() => read({ ...both, WECOM_CALLBACK_AES_KEY: '' })).toThrow('WECOM_CALLBACK_AES_KEY is missing')
  })

  test('are refused in a form that WeCom does not give', () => {
    const wrong = () => read({ WECOM_CALLBACK_TOKEN: 't'.repeat(33), WECOM_CALLBACK_AES_KEY: 'k'.repeat(42) })
    expect(wrong).toThrow('WECOM_CALLBACK_TOKEN must be up to 32')
    expect(wrong).toThrow('WECOM_CALLBACK_AES_KEY must be 43')
  })
})

describe('ROLE', () => {
  const postgres = { DATABASE_URL: 'postgres://moments@localhost/moments', PUBLIC_URL: 'https://moments.example.com' }

  test('is one process for everything, or one of many on PostgreSQL', () => {
    expect(read({}).role).toBe('all')
    expect(read({ ...postgres, ROLE: 'web' }).role).toBe('web')
    expect(read({ ...postgres, ROLE: 'worker' }).role).toBe('worker')
    expect(() => read({ ...postgres, ROLE: 'both' })).toThrow('ROLE must be all, web or worker')
  })

  test('cannot be shared out on SQLite', () => {
    expect(() => read({ ROLE: 'worker' })).toThrow('ROLE=worker needs PostgreSQL')
  })

  test('does not make the port of one process the address of all', () => {
    expect(() => read({ ...postgres, ROLE: 'worker', PUBLIC_URL: '' })).toThrow('PUBLIC_URL must be set')
  })
})

describe('PUBLIC_URL', () => {
  test.each(['http://localhost:3000', 'http://app.localhost', 'http://127.0.0.1:8080', 'http://[::1]:3000'])(
    '%s may be http: it never leaves this machine',
    (url) => expect(read({ PUBLIC_URL: url })).toMatchObject({ publicUrl: url, secure: false }),
  )

  test.each([
    'http://moments.example.com',
    'http://192.168.1.10',
    'http://localhost.example.com',
    'http://127.0.0.1.evil.example',
  ])('%s must be https', (url) => expect(() => read({ PUBLIC_URL: url })).toThrow('must be https'))

  test('must be set when the port is left to the system', () => {
    expect(() => read({ PORT: '0' })).toThrow('PUBLIC_URL must be set')
    expect(read({ PORT: '0', PUBLIC_URL: 'http://localhost:3000' }).port).toBe(0)
  })

  test('is an origin, however it is written', () => {
    expect(read({ PUBLIC_URL: 'https://Moments.Example.com:443/' }).publicUrl).toBe('https://moments.example.com')
    expect(() => read({ PUBLIC_URL: 'https://example.com/moments' })).toThrow('must not have a path')
    expect(() => read({ PUBLIC_URL: 'moments.example.com' })).toThrow('PUBLIC_URL must be an http(s) URL')
  })
})
