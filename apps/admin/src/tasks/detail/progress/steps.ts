import type { deliveryApi } from '@qimeng/contract/delivery'
import type { ReplyOf } from '@qimeng/contract/endpoint'
import { DAY, formatShanghai } from '@qimeng/contract/time'

export type Timeline = ReplyOf<typeof deliveryApi.timeline>

export interface Step {
  /** Below the chart, where there is little room: 「09:30」, over several days 「11-23 09:00」 or 「11-23」. */
  short: string
  /** From when to when. */
  long: string
  done: number
  /** How many were done by the end of this step. */
  sum: number
}

/** The steps of a timeline in words, as a chart and a table show them. */
export function stepsOf({ from, step, done }: Timeline): Step[] {
  const severalDays = date(from) !== date(from + step * done.length - 1)
  let sum = 0
  return done.map((people, place) => {
    const start = from + place * step
    sum += people
    return {
      short: step >= DAY ? date(start) : severalDays ? `${date(start)} ${clock(start)}` : clock(start),
      long: span(start, step),
      done: people,
      sum,
    }
  })
}

/** One sentence for whoever does not see the chart. */
export function timelineSentence(steps: Step[]): string {
  const total = steps.at(-1)?.sum ?? 0
  if (total === 0) return '完成时间：还没有员工执行'
  const busiest = steps.reduce((most, step) => (step.done > most.done ? step : most))
  return `完成时间：共 ${total} 人已执行，最多的是 ${busiest.long}，${busiest.done} 人`
}

function span(start: number, step: number): string {
  if (step === DAY) return date(start)
  if (step > DAY) return `${date(start)} 至 ${date(start + step - 1)}`
  const end = start + step
  return `${date(start)} ${clock(start)}–${clock(end)}`
}

/** `2026-11-23 09:30` → `11-23` and `09:30` */
const date = (ms: number): string => formatShanghai(ms).slice(5, 10)
const clock = (ms: number): string => formatShanghai(ms).slice(11)
