import type { CheckResult } from '@qimeng/contract/settings'
import { getAgent, WecomError, WecomUnreachable, type AgentInfo } from '@qimeng/wecom'
import type { Parts } from '../parts.ts'
import { fine, wrong } from './findings.ts'

/** Too many calls, or too many wrong secrets, for which an address may not ask for a token for an hour (WECOM.md 1.1). */
const TOO_FAST = 45009
const BANNED =
  '企业微信暂停了本服务器的调用：调用过于频繁，或用错误的 Secret 试了太多次。请核对企业 ID 与 Secret，最迟一小时后再检查。'
const UNKNOWN = '请稍后重试；若仍出现，请在企业微信开发者中心的「全局错误码」中查询此错误码。'

/**
 * Two calls show credentials, app and trusted IP: WeCom's error code says which of them is wrong. The first fetches a token,
 * for with the one in use a secret that was reset would look right until it ends.
 */
export async function askWecom({
  wecom,
}: Pick<Parts, 'wecom'>): Promise<{ agent?: AgentInfo; connection: CheckResult }> {
  const name = '企业微信连接'
  try {
    await wecom.prove()
    const agent = await getAgent(wecom)
    return { agent, connection: fine(name, `已连接应用「${agent.name}」`) }
  } catch (error) {
    if (error instanceof WecomError) {
      const cure = error.cure ?? (error.errcode === TOO_FAST ? BANNED : UNKNOWN)
      return { connection: wrong(name, `企业微信返回错误 ${error.errcode}：${error.errmsg}`, cure) }
    }
    if (!(error instanceof WecomUnreachable)) throw error
    const { apiUrl } = wecom.settings
    const cure = `请检查服务器的网络、DNS 与防火墙，确认能访问 ${apiUrl}。`
    return { connection: wrong(name, `无法连接企业微信（${error.reason}）`, cure) }
  }
}

/** What the app's page in WeCom's backend says. */
export function checkAgent({ config }: Pick<Parts, 'config'>, agent: AgentInfo): CheckResult[] {
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
