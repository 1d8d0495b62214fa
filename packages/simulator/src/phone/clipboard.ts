import type { State } from '../state/state.ts'

export const readClipboard = (state: State, userid: string): string =>
  state.sql<[string], { clipboard: string }>('SELECT clipboard FROM phones WHERE userid = ?').get(userid)?.clipboard ??
  ''

export function writeClipboard(state: State, userid: string, text: string): void {
  state
    .sql(
      'INSERT INTO phones (userid, clipboard) VALUES (?, ?) ON CONFLICT (userid) DO UPDATE SET clipboard = excluded.clipboard',
    )
    .run(userid, text)
  state.events.emit('phone', userid)
}
