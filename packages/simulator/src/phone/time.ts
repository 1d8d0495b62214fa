const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hourCycle: 'h23', ...options })

const clock = format({ hour: '2-digit', minute: '2-digit' })
const date = format({ month: 'long', day: 'numeric' })

export const clockTime = (at: number): string => clock.format(at)

/** As chat lists show it: the time today, the date otherwise. */
export function shortTime(at: number, now: number): string {
  return date.format(at) === date.format(now) ? clock.format(at) : date.format(at)
}

export const fullTime = (at: number): string => `${date.format(at)} ${clock.format(at)}`
