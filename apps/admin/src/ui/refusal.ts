export interface Refusal {
  title: string
  text: string
}

const value = (raw: unknown): string => (typeof raw === 'string' ? raw : '')

/** Why the last login led back here, from the address the server sent the browser to. */
export function refusal(query: Record<string, unknown>): Refusal | undefined {
  const name = value(query.name)
  const ask = value(query.ask)
  switch (value(query.error)) {
    case '':
      return undefined
    case 'not_admin':
      return {
        title: `${name || '你'}还不是管理员`,
        text: `${ask ? `请联系管理员：${ask}` : '请联系已有的管理员'}，在「设置」中把你加入管理员名单，然后重新登录。`,
      }
    case 'cancelled':
      return { title: '登录已取消', text: '没有完成授权。需要使用管理后台时，请重新扫码登录。' }
    case 'expired':
      return {
        title: '登录已失效，请重新登录',
        text: value(query.draft)
          ? '填写的内容已保存为草稿，重新扫码登录后可以接着填写。'
          : '距离上次登录太久，或者登录没有及时完成，请重新扫码登录。',
      }
    default:
      return { title: '登录没有成功', text: '请稍后重新扫码登录；如果仍然失败，请联系管理员检查企业微信配置。' }
  }
}
