import { BlobsUnavailable, type BlobTrouble, StorageFull } from './blobs.ts'
import { nameOfPlace, type S3Place } from './s3-place.ts'

/** What S3 servers say, by the code in their reply: Amazon's, and those of Ceph, MinIO, COS and OSS where they differ. */
const SAID: Record<string, BlobTrouble> = {
  NoSuchBucket: 'no_bucket',
  InvalidAccessKeyId: 'wrong_key',
  SignatureDoesNotMatch: 'wrong_secret',
  AccessDenied: 'forbidden',
  AccountProblem: 'forbidden',
  AuthorizationHeaderMalformed: 'wrong_region',
  PermanentRedirect: 'wrong_region',
  IllegalLocationConstraintException: 'wrong_region',
  RequestTimeTooSkewed: 'wrong_clock',
  RequestExpired: 'wrong_clock',
  SlowDown: 'busy',
  ServiceUnavailable: 'busy',
  InternalError: 'busy',
  RequestTimeout: 'busy',
}

const FULL: ReadonlySet<string> = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage'])

/** Of a connection that did not come about, or broke. */
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)$/
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/

const ADVICE: Record<BlobTrouble, string> = {
  not_a_store: 'What answers there does not speak S3: check the endpoint in BLOB_URL.',
  no_bucket: 'There is no such bucket: create it, or correct BLOB_URL.',
  wrong_key: 'It does not know the key BLOB_ACCESS_KEY_ID.',
  wrong_secret: 'BLOB_SECRET_ACCESS_KEY does not belong to BLOB_ACCESS_KEY_ID.',
  forbidden: 'The key may not read, write, delete and list there: give it these rights on the bucket.',
  wrong_region: 'The bucket is in another region: correct region and endpoint in BLOB_URL.',
  wrong_clock: 'The clock of this machine is wrong by more than 15 minutes: set it, e.g. by NTP.',
  certificate: 'Its certificate is not trusted: correct it, or name its authority in NODE_EXTRA_CA_CERTS.',
  unreachable: 'It does not answer: check the endpoint in BLOB_URL, and the network to it.',
  busy: 'It says that it is busy or broken.',
}

interface S3Error {
  name?: string
  code?: string
  message?: string
  cause?: unknown
  $metadata?: { httpStatusCode?: number; attempts?: number }
}

/** How the server calls it, or Node where no server answered. */
export const codeOf = (error: unknown): string => {
  const { name = '', code } = error as S3Error
  return code ?? name
}

export const statusOf = (error: unknown) => (error as S3Error).$metadata?.httpStatusCode

/** Whether this was the last of several tries. */
export const wasRepeated = (error: unknown) => ((error as S3Error).$metadata?.attempts ?? 1) > 1

/** What went wrong in words; what is not the store's doing stays as it is. */
export function translate(error: unknown, place: S3Place): unknown {
  if (FULL.has(codeOf(error)) || statusOf(error) === 507) return new StorageFull({ cause: error })
  const trouble = troubleOf(error)
  if (trouble === undefined) return error
  return new BlobsUnavailable(trouble, `${nameOfPlace(place)}: ${ADVICE[trouble]}`, { cause: error })
}

function troubleOf(error: unknown): BlobTrouble | undefined {
  const code = codeOf(error)
  const status = statusOf(error)
  if (Object.hasOwn(SAID, code)) return SAID[code]
  if (UNREACHABLE.test(code)) return 'unreachable'
  if (CERTIFICATE.test(code)) return 'certificate'
  if (status === undefined) return undefined
  // A page in HTML cannot be read as S3's XML; what a proxy says without a body has a number for its name.
  if (status < 400 || /Deserialization/.test((error as Error).message) || error instanceof SyntaxError)
    return 'not_a_store'
  if (status === 403 || status === 401) return 'forbidden'
  if (status === 301 || status === 307) return 'wrong_region'
  return status >= 500 || status === 429 ? 'busy' : 'not_a_store'
}
