import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'

const config = readConfig({
  WECOM_CORP_ID: 'ww1',
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'canary-app-secret',
  DATABASE_URL: 'postgres://moments:canary-password@db.example.com/moments',
  WECOM_CALLBACK_TOKEN: 'canarycallbacktoken',
  WECOM_CALLBACK_AES_KEY: 'canaryEncodingAesKey00000000000000000000000',
  BLOB_URL: 's3://moments',
  BLOB_ACCESS_KEY_ID: 'canary-store-key',
  BLOB_SECRET_ACCESS_KEY: 'canary-store-secret',
})

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog(config, { write: (line) => void lines.push(line) }))
  expect(lines).toHaveLength(1)
  JSON.parse(lines[0]!)
  return lines[0]!
}

test.each<[string, (log: ReturnType<typeof createLog>) => void]>([
  ['a field', (log) => log.info({ token: 'canary' }, 'x')],
  ['a field of something', (log) => log.info({ session: { tokenHash: 'canary' } }, 'x')],
  ['a field further down', (log) => log.info({ request: { headers: { cookie: 'canary' } } }, 'x')],
  ['a field of an error', (log) => log.error({ err: Object.assign(new Error('x'), { signingKey: 'canary' }) })],
  ['an address', (log) => log.info('GET https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww1&corpsecret=canary')],
  ['an address in an error', (log) => log.error({ err: new Error('GET /auth?code=canary&state=1 failed') }, 'x')],
  ['a picture’s address', (log) => log.info({ url: '/files/images/1/full?v=me:lisi&e=1&s=canary' }, 'x')],
  ['the operator’s secret, anywhere', (log) => log.info({ deep: [[['canary-app-secret']]] }, 'x')],
  ['the callback’s token, anywhere', (log) => log.error({ err: new Error('bad token canarycallbacktoken') }, 'x')],
  ['the callback’s key, anywhere', (log) => log.info('canaryEncodingAesKey00000000000000000000000')],
  ['the database’s password', (log) => log.error({ err: new Error(`no answer from ${config.databaseUrl}`) }, 'x')],
  ['the store’s secret, anywhere', (log) => log.error({ err: new Error('signed with canary-store-secret') }, 'x')],
  ['the store’s key, anywhere', (log) => log.info('Credential=canary-store-key/20261123/us-east-1/s3/aws4_request')],
  ['a client’s settings', (log) => log.info({ client: { secretAccessKey: 'canary', accessKeyId: 'canary' } }, 'x')],
])('%s with a secret in it is logged without', (_where, write) => {
  const line = logged(write)
  expect(line).not.toContain('canary')
  expect(line).toContain('[hidden]')
})

test('what somebody needs who looks for a fault stays', () => {
  const line = logged((log) =>
    log.error({ err: Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' }), status: 500 }, 'x'),
  )
  expect(line).toContain('SQLITE_BUSY')
  expect(line).toContain('"status":500')
})
