import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from './config.ts'
import { logContext } from './log-context.ts'

const CENSOR = '[hidden]'

/** Fields that are never logged, whoever hands them over, down to two levels inside what is logged. The one list. */
const HIDDEN_FIELDS = [
  'access_token',
  'accessKeyId',
  'accessToken',
  'authorization',
  'code',
  'cookie',
  'corpsecret',
  'encodingAesKey',
  'secret',
  'secretAccessKey',
  'signature',
  'signingKey',
  'ticket',
  'token',
  'tokenHash',
]
// An error's `code` is SQLITE_BUSY and the like, which whoever reads the log needs.
const paths = HIDDEN_FIELDS.flatMap((field) =>
  field === 'code' ? ['query.code', 'body.code'] : [field, `*.${field}`, `*.*.${field}`],
)

/** In addresses and texts, where no field tells them: what stands behind these names. */
const IN_TEXT = /\b(access_token|corpsecret|code|ticket|secret|s)=[^&\s"'\\]+/g

/**
 * The server's log. What must not be in it is hidden by the name of its field, by its name in an address, and the operator's own
 * secrets wherever they turn up, as in the message of somebody else's error.
 */
export function createLog(config: Config, destination?: DestinationStream): Logger {
  const { secret } = config.wecom
  const { callback, s3 } = config
  const own = [
    secret,
    passwordOf(config.databaseUrl),
    callback?.token,
    callback?.encodingAesKey,
    s3?.accessKeyId,
    s3?.secretAccessKey,
  ].flatMap((value) => value ?? [])
  const options = {
    level: config.logLevel,
    mixin: logContext,
    redact: { paths, censor: CENSOR },
    hooks: {
      streamWrite: (line: string) =>
        own.reduce((text, value) => text.replaceAll(value, CENSOR), line).replaceAll(IN_TEXT, `$1=${CENSOR}`),
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** With what stands around it in the address: a password may be a word, or a digit, that stands everywhere. */
const passwordOf = (databaseUrl: string): string | undefined =>
  /^postgres(?:ql)?:\/\/[^/:]*(:[^/]+@)/.exec(databaseUrl)?.[1]
