import { spawnSync } from 'node:child_process'
import { installFromApt, mayUseApt } from './apt.mjs'
import { step } from './run.mjs'

const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common']

/**
 * Makes sure of Ceph, of whose object gateway the tests start one as a real S3 server.
 * @returns whether the tests can run on S3 as well
 */
export async function prepareCeph() {
  if (hasCeph()) return true
  if (mayUseApt()) await step(`Installing ${PACKAGES.join(', ')}`, () => installFromApt(PACKAGES)).catch(report)
  if (hasCeph()) return true
  console.log(`S3 NOT TESTED: Ceph is not on this machine. Debian and Ubuntu have it: ${PACKAGES.join(' ')}.`)
  return false
}

/** The programs that apps/server/src/test/ceph.ts starts. */
const hasCeph = () =>
  ['radosgw', 'radosgw-admin', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool'].every(
    (program) => spawnSync(program, ['--version']).error === undefined,
  )

const report = (error) => console.log(error.message)
