import { inject } from 'vitest'
import { newId } from '../db/id.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the run on S3; undefined in the others, which have a folder. */
    s3: { bucket: string; endpoint: string; accessKeyId: string; secretAccessKey: string } | undefined
  }
}

/** Where the blobs of this run lie: the same tests run once on each (vitest.config.ts). */
export const BLOB_STORE: 'disk' | 's3' = inject('s3') ? 's3' : 'disk'

/** The environment of a server with a store of its own; nothing where that is a folder. */
export function blobEnvironment(prefix = newId()): Record<string, string> {
  const s3 = inject('s3')
  if (!s3) return {}
  return {
    BLOB_URL: `s3://${s3.bucket}/${prefix}?endpoint=${s3.endpoint}&style=path`,
    BLOB_ACCESS_KEY_ID: s3.accessKeyId,
    BLOB_SECRET_ACCESS_KEY: s3.secretAccessKey,
  }
}
