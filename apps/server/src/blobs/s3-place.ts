/** Where BLOB_URL leads: `s3://bucket/prefix?endpoint=…&region=…&style=path`, with the keys that open it. */
export interface S3Place {
  bucket: string
  /** What our keys begin with in the bucket; empty, or with a slash at its end. */
  prefix: string
  /** Null for Amazon's own, which follows from the region. */
  endpoint: string | null
  region: string
  /** `https://host/bucket` (MinIO, Ceph), not `https://bucket.host` (Amazon, COS, OSS). */
  pathStyle: boolean
  accessKeyId: string
  secretAccessKey: string
}

const PARAMETERS = ['endpoint', 'region', 'style']
const STYLES = ['virtual', 'path']

/** What is wrong with BLOB_URL, as the end of a sentence that begins with its name; undefined when nothing is. */
export function faultOfS3Url(text: string): string | undefined {
  if (!URL.canParse(text) || !text.startsWith('s3://')) {
    return 'must look like s3://bucket/prefix?endpoint=https://host&region=name&style=path'
  }
  const { hostname, username, password, pathname, searchParams, hash } = new URL(text)
  if (username || password) return 'must not hold keys: set BLOB_ACCESS_KEY_ID and BLOB_SECRET_ACCESS_KEY'
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(hostname)) return 'names no bucket: s3://bucket/prefix'
  if (hash || !/^(\/[A-Za-z0-9._-]+)*\/?$/.test(pathname))
    return 'has a prefix of other than letters, digits and . _ - /'
  const unknown = [...searchParams.keys()].find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined) return `has the parameter ${unknown}: it takes ${PARAMETERS.join(', ')}`
  const endpoint = searchParams.get('endpoint')
  if (endpoint !== null && !isOrigin(endpoint)) return 'has an endpoint that is no http(s) address without a path'
  const style = searchParams.get('style')
  if (style !== null && !STYLES.includes(style)) return `has the style ${style}: it is ${STYLES.join(' or ')}`
  return undefined
}

/** Of a text in which `faultOfS3Url` finds none. */
export function readS3Url(text: string): Omit<S3Place, 'accessKeyId' | 'secretAccessKey'> {
  const { hostname, pathname, searchParams } = new URL(text)
  const prefix = pathname.replace(/^\/|\/$/g, '')
  return {
    bucket: hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint: searchParams.get('endpoint'),
    region: searchParams.get('region') ?? 'us-east-1',
    pathStyle: searchParams.get('style') === 'path',
  }
}

/** As an operator knows it, without keys. */
export const nameOfPlace = ({ bucket, prefix, endpoint }: S3Place) =>
  `s3://${bucket}/${prefix}${endpoint === null ? '' : ` (${endpoint})`}`

const isOrigin = (text: string) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).pathname === '/'
