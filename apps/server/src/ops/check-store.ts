import type { CheckResult } from '@qimeng/contract/settings'
import { BlobsUnavailable, type BlobTrouble, StorageFull } from '../blobs/blobs.ts'
import { openBlobs, tryOut } from '../blobs/open.ts'
import { nameOfPlace } from '../blobs/s3-place.ts'
import type { Parts } from '../parts.ts'
import { fine, wrong } from './findings.ts'

const NAME = '图片与文件存储'

/** Writes to the S3 store and reads from it; a folder is part of the disk, which is looked at anyway. */
export async function checkStore({ config }: Pick<Parts, 'config'>): Promise<CheckResult[]> {
  if (config.s3 === null) return []
  try {
    await tryOut(await openBlobs(config))
    return [fine(NAME, nameOfPlace(config.s3))]
  } catch (error) {
    if (error instanceof StorageFull) return [wrong(NAME, '存储空间或配额已用完', '请扩大存储桶的配额。')]
    if (!(error instanceof BlobsUnavailable)) throw error
    return [wrong(NAME, ...WORDS[error.trouble])]
  }
}

/** What is wrong, and who has to change what. */
const WORDS: Record<BlobTrouble, [message: string, cure: string]> = {
  not_a_store: ['该地址不是 S3 兼容的对象存储', '请检查环境变量 BLOB_URL 中的 endpoint。'],
  no_bucket: ['存储桶不存在', '请先创建存储桶，或改正环境变量 BLOB_URL 中的名称。'],
  wrong_key: ['对象存储不认识这个访问密钥', '请检查环境变量 BLOB_ACCESS_KEY_ID。'],
  wrong_secret: ['访问密钥的签名不正确', '请检查环境变量 BLOB_SECRET_ACCESS_KEY 是否与 BLOB_ACCESS_KEY_ID 成对。'],
  forbidden: ['访问密钥没有权限', '请为该密钥授予存储桶的读、写、删除和列表权限。'],
  wrong_region: ['存储桶不在这个地域', '请检查环境变量 BLOB_URL 中的 region 和 endpoint。'],
  wrong_clock: ['服务器时钟偏差超过 15 分钟，请求被拒绝', '请校准服务器时间（例如启用 NTP）。'],
  certificate: ['对象存储的证书不受信任', '请更换证书，或用环境变量 NODE_EXTRA_CA_CERTS 指定其颁发机构。'],
  unreachable: ['连接不上对象存储', '请检查环境变量 BLOB_URL 中的 endpoint，以及服务器到它的网络。'],
  busy: ['对象存储繁忙或故障', '请稍候再检查；持续如此请联系存储服务的管理员。'],
}
