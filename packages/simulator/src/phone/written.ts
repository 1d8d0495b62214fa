import { textXml, tell } from '../callbacks/events.ts'
import { xmlText } from '../callbacks/xml.ts'
import type { Person } from '../state/people.ts'
import { readSettings, type State } from '../state/state.ts'

export interface Written {
  at: number
  content: string
}

/** Whether one can write to the app: its conversation has a line for it only where the app receives messages. */
export const canWrite = (state: State): boolean => readSettings(state).callback !== null

/** Somebody writes to the app, which is told. Answers why not. */
export function writeToApp(state: State, { userid }: Person, content: string): string | undefined {
  if (content.trim() === '') return '没有内容'
  if (tell(state, 'text', textXml(state, userid, content.trim())) === undefined) return '应用没有设置接收消息的地址'
  state.events.emit('phone', userid)
  return undefined
}

/** What this person has written lately, oldest first: the callbacks remember it. */
export const readWritten = (state: State, { userid }: Person): Written[] =>
  state
    .sql<[string], { at: number; xml: string }>(
      "SELECT at, xml FROM callbacks WHERE event = 'text' AND instr(xml, ?) > 0 ORDER BY id DESC LIMIT 50",
    )
    .all(`<FromUserName><![CDATA[${userid}]]></FromUserName>`)
    .reverse()
    .map(({ at, xml }) => ({ at, content: xmlText(xml, 'Content') ?? '' }))
