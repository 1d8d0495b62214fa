import { statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CheckResult } from '@qimeng/contract/settings'
import { getAgent, WecomError, WecomUnreachable, type AgentInfo } from '@qimeng/wecom'
import type { Parts } from '../parts.ts'

/**
 * What is wrong between us and WeCom, and who has to change what where. Each finding stands for itself, but those that need
 * WeCom's answer are left out when there is none.
 */
export async function checkConfiguration(parts: Parts): Promise<CheckResult[]> {
  const { agent, connection } = await askWecom(parts)
  return [
    connection,
    ...(agent ? checkAgent(parts, agent) : []),
    checkAddress(parts),
    ...checkDomainFile(parts),
    await checkDirectory(parts),
    await checkDisk(parts),
  ]
}

const fine = (name: string, message: string): CheckResult => ({ name, ok: true, message, cure: '' })
const wrong = (name: string, message: string, cure: string): CheckResult => ({ name, ok: false, message, cure })

/** One call shows credentials, app and trusted IP alike: WeCom's error code says which of them is wrong. */
async function askWecom({ wecom }: Parts): Promise<{ agent?: AgentInfo; connection: CheckResult }> {
  const name = '企业微信连接'
  try {
    const agent = await getAgent(wecom)
    return { agent, connection: fine(name, `已连接应用「${agent.name}」`) }
  } catch (error) {
    if (error instanceof WecomError) {
      const cure = error.cure ?? '请稍后重试；若仍出现，请在企业微信开发者中心的「全局错误码」中查询此错误码。'
      return { connection: wrong(name, `企业微信返回错误 ${error.errcode}：${error.errmsg}`, cure) }
    }
    if (!(error instanceof WecomUnreachable)) throw error
    const { apiUrl } = wecom.settings
    const cure = `请检查服务器的网络、DNS 与防火墙，确认能访问 ${apiUrl}。`
    return { connection: wrong(name, `无法连接企业微信（${error.reason}）`, cure) }
  }
}

function checkAgent({ config }: Parts, agent: AgentInfo): CheckResult[] {
  const { host } = new URL(config.publicUrl)
  const { userIds, departmentIds, tagIds } = agent.visible
  const where = '企业微信管理后台 → 应用管理 → 本应用的详情页'
  return [
    agent.closed ? wrong('应用状态', '应用已停用', `请在${where}启用应用。`) : fine('应用状态', '应用已启用'),
    userIds.length + departmentIds.length + tagIds.length > 0
      ? fine('可见范围', `${departmentIds.length} 个部门、${userIds.length} 名成员、${tagIds.length} 个标签`)
      : wrong('可见范围', '应用的可见范围为空，谁也收不到任务', `请在${where}的「可见范围」中添加部门或成员。`),
    agent.redirectDomain === host
      ? fine('可信域名', host)
      : wrong(
          '可信域名',
          agent.redirectDomain
            ? `应用的可信域名是 ${agent.redirectDomain}，访问地址却是 ${host}`
            : '应用没有设置可信域名',
          `请在${where}的「网页授权及 JS-SDK」中把可信域名设为 ${host}，否则员工无法登录。`,
        ),
    agent.homeUrl.startsWith(config.publicUrl)
      ? fine('应用主页', agent.homeUrl)
      : wrong(
          '应用主页',
          agent.homeUrl ? `应用主页是 ${agent.homeUrl}，不在本服务下` : '应用没有设置主页',
          `请在${where}的「应用主页」中填写 ${config.publicUrl}/m/，员工从工作台进入时打开它。`,
        ),
  ]
}

function checkAddress({ config }: Parts): CheckResult {
  if (config.secure) return fine('访问地址', config.publicUrl)
  return wrong(
    '访问地址',
    `${config.publicUrl} 不是 https，只能在本机试用`,
    '正式使用时，请把环境变量 PUBLIC_URL 设为 https 开头的地址，并在反向代理上配置证书。',
  )
}

/** WeCom does not say whether it has found its file, so only ours can be told; at a demo's address it looks for none. */
function checkDomainFile({ config }: Parts): CheckResult[] {
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

async function checkDirectory({ db }: Parts): Promise<CheckResult> {
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

async function checkDisk({ config }: Parts): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(config.dataDir)
  const free = `剩余 ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB`
  if (bavail * bsize >= LITTLE_SPACE) return fine('存储空间', free)
  return wrong('存储空间', free, `请清理或扩大 ${config.dataDir} 所在的磁盘，写满后无法上传图片和导出。`)
}
