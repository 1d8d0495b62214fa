import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Config } from '../config.ts'
import { newId } from '../db/id.ts'
import { type Blobs, BlobsUnavailable } from './blobs.ts'
import { openDiskBlobs } from './disk.ts'

export type BlobConfig = Pick<Config, 'dataDir' | 's3'>

/** Where they lie when no store is named. */
export const folderOfBlobs = ({ dataDir }: Pick<Config, 'dataDir'>) => join(dataDir, 'blobs')

/** Opens the store that the configuration names: BLOB_URL, or the folder in DATA_DIR. */
export async function openBlobs({ dataDir, s3 }: BlobConfig): Promise<Blobs> {
  if (s3 === null) return openDiskBlobs(folderOfBlobs({ dataDir }))
  // A tenth of a second and some 10 MB of code that an installation with a folder does without.
  const { openS3Blobs } = await import('./s3.ts')
  return openS3Blobs(s3)
}

/**
 * Writes, reads and removes a small blob, as everything later will.
 * @throws {BlobsUnavailable} and what else can keep a store from that
 */
export async function tryOut(blobs: Blobs): Promise<void> {
  const key = `checks/${newId()}`
  await blobs.put(key, Buffer.from(key), { once: true })
  const found = await blobs.get(key)
  if (found === undefined || (await text(found.stream)) !== key) {
    throw new BlobsUnavailable('not_a_store', 'The store of the pictures does not give back what was put into it.')
  }
  await blobs.delete(key)
}
