import type { CheckResult } from '@qimeng/contract/settings'
import { formatShanghai, MINUTE, SECOND } from '@qimeng/contract/time'
import type { AgentInfo } from '@qimeng/wecom'
import { CALLBACK_PATH } from '../callbacks/routes.ts'
import { lastHeardAt } from '../callbacks/store.ts'
import type { Parts } from '../parts.ts'
import { fine, wrong } from './findings.ts'

/** Above this (ms) pushes come at the wrong minute for people to see. WeCom's answers tell its time in whole seconds. */
const SKEW = MINUTE

/** Our clock beside WeCom's; left out before WeCom has answered anything. */
export function checkClock({ wecom }: Pick<Parts, 'wecom'>): CheckResult[] {
  const ahead = wecom.clockAhead()
  if (ahead === undefined) return []
  const name = '服务器时钟'
  const by = describe(Math.abs(ahead))
  if (Math.abs(ahead) <= SKEW) return [fine(name, '与企业微信一致')]
  return [
    wrong(
      name,
      `服务器时钟比企业微信${ahead > 0 ? '快' : '慢'} ${by}`,
      `请在服务器上启用时间同步（如 chrony、systemd-timesyncd），否则推送会${ahead > 0 ? '提前' : '推迟'}，相差十分钟以上时企业微信的回调会被拒绝。`,
    ),
  ]
}

function describe(ms: number): string {
  const seconds = Math.round(ms / SECOND)
  return seconds < 600 ? `${seconds} 秒` : `${Math.round(seconds / 60)} 分钟`
}

const NOT_TOLD_OF_ENTRIES = '应用没有上报「成员进入应用」事件，员工打开应用时不会收到待办提醒'

/** Whether WeCom reaches us; a demo whose WeCom is told nothing misses nothing. */
export async function checkCallback(
  { config, db }: Pick<Parts, 'config' | 'db'>,
  agent: AgentInfo | undefined,
): Promise<CheckResult[]> {
  const name = '接收消息'
  const page = '企业微信管理后台 → 应用管理 → 本应用的详情页 →「接收消息」→ 设置 API 接收'
  const address = config.publicUrl + CALLBACK_PATH
  if (config.callback === null) {
    if (!config.secure) return []
    return [
      wrong(
        name,
        '没有配置接收消息：员工发来的消息得不到回复，通讯录的变化最迟一小时后才生效',
        `请在${page}中填写 URL ${address}，把同一页的 Token 和 EncodingAESKey 填入环境变量 WECOM_CALLBACK_TOKEN 和 WECOM_CALLBACK_AES_KEY，重启后在该页保存。`,
      ),
    ]
  }
  const heardAt = await lastHeardAt(db)
  if (heardAt !== null) {
    const silent = agent?.reportsEnter === false ? `。${NOT_TOLD_OF_ENTRIES}` : ''
    return [fine(name, `最近一次收到企业微信的消息：${formatShanghai(heardAt)}${silent}`)]
  }
  return [
    wrong(
      name,
      '还没有收到过企业微信的消息',
      `请在${page}中填写 URL ${address}，核对 Token 和 EncodingAESKey 与服务器配置一致，并勾选成员进入应用与通讯录变更事件后保存；若保存失败，请检查反向代理是否把该地址转到本服务。`,
    ),
  ]
}
