import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { TestProject } from 'vitest/node'
import { CEPH_KEYS, startCeph } from './ceph.ts'

const BUCKET = 'moments'

/** Starts the store of the run on S3, with a bucket in which every test has a prefix of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const ceph = await startCeph()
  const client = new S3Client({
    endpoint: ceph.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: CEPH_KEYS,
  })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  client.destroy()
  project.provide('s3', { bucket: BUCKET, endpoint: ceph.endpoint, ...CEPH_KEYS })
  return ceph.stop
}
