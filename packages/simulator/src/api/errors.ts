/** A refusal as WeCom words it. The reason becomes the first part of errmsg (WECOM.md 0.2). */
export class WecomError extends Error {
  readonly errcode: number
  /** Fields that accompany the error, such as the invalid lists of a refused message. */
  readonly fields: Record<string, unknown>

  constructor(errcode: number, reason: string, fields: Record<string, unknown> = {}) {
    super(reason)
    this.errcode = errcode
    this.fields = fields
  }
}

/** The complete errmsg of a failure: reason, hint, the caller's address and a link, as captured from the real service. */
export function errmsg(errcode: number, reason: string, ip: string, now: number): string {
  const hint = `${Math.floor(now / 1000)}${String(process.hrtime.bigint()).slice(-14).padStart(14, '0')}`
  return `${reason}, hint: [${hint}], from ip: ${ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
}
