import { statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CheckResult } from '@qimeng/contract/settings'
import type { Parts } from '../parts.ts'
import { fine, wrong } from './findings.ts'

export function checkAddress({ config }: Pick<Parts, 'config'>): CheckResult {
  if (config.secure) return fine('访问地址', config.publicUrl)
  return wrong(
    '访问地址',
    `${config.publicUrl} 不是 https，只能在本机试用`,
    '正式使用时，请把环境变量 PUBLIC_URL 设为 https 开头的地址，并在反向代理上配置证书。',
  )
}

/** WeCom does not say whether it has found its file, so only ours can be told; at a demo's address it looks for none. */
export function checkDomainFile({ config }: Pick<Parts, 'config'>): CheckResult[] {
  const name = '域名归属'
  if (config.domainFile !== null) return [fine(name, `由本服务提供 /${basename(config.domainFile)}`)]
  if (!config.secure) return []
  return [
    wrong(
      name,
      '没有配置可信域名的归属验证文件，JS-SDK 会被企业微信拒绝（错误码 85005）',
      '请在企业微信管理后台的「网页授权及 JS-SDK」中下载 WW_verify_….txt，把它的路径填入环境变量 WECOM_DOMAIN_FILE 并重启。',
    ),
  ]
}

export async function checkDirectory({ db }: Pick<Parts, 'db'>): Promise<CheckResult> {
  const newest = await db
    .selectFrom('directorySyncs')
    .selectAll()
    .where('finishedAt', 'is not', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (!newest) return wrong('通讯录', '尚未同步', '请稍候，首次启动时会自动同步；也可以在本页点击「立即同步」。')
  if (newest.error) return wrong('通讯录', newest.error, '问题解决后，请在本页点击「立即同步」。')
  return fine('通讯录', `${newest.people} 名员工、${newest.departments} 个部门`)
}

/** Below this (bytes) a day of uploads may fill the disk. */
const LITTLE_SPACE = 2 * 1024 ** 3

export async function checkDisk({ config }: Pick<Parts, 'config'>): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(config.dataDir)
  const free = `剩余 ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB`
  if (bavail * bsize >= LITTLE_SPACE) return fine('存储空间', free)
  return wrong('存储空间', free, `请清理或扩大 ${config.dataDir} 所在的磁盘，写满后无法上传图片和导出。`)
}
