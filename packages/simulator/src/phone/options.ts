import type { State } from '../state/state.ts'

/** How one phone behaves; switched through /__sim or on the phone's 「我」 page. */
export interface PhoneOptions {
  client: 'ios' | 'android'
  /**
   * `normal`; `late`: the bridge appears 300 ms after the page, with its event; `none`: WeCom without a bridge, calls never
   * answer; `mute`: a bridge that takes every call and answers none; `old`: a client from before agentConfig and
   * shareToExternalMoments; `browser`: not WeCom at all (WECOM.md 5.4, 5.5).
   */
  bridge: 'normal' | 'late' | 'none' | 'mute' | 'old' | 'browser'
  /** Whether this person may post to WeCom Moments (5.7: customer contact, range, seat). */
  externalMoments: boolean
}

const DEFAULTS: PhoneOptions = { client: 'ios', bridge: 'normal', externalMoments: true }

export function phoneOptions(state: State, userid: string): PhoneOptions {
  const row = state.sql<[string], { options: string }>('SELECT options FROM phones WHERE userid = ?').get(userid)
  return { ...DEFAULTS, ...(row && (JSON.parse(row.options) as Partial<PhoneOptions>)) }
}

export function changePhoneOptions(state: State, userid: string, change: Partial<PhoneOptions>): PhoneOptions {
  const options = { ...phoneOptions(state, userid), ...change }
  state
    .sql(
      'INSERT INTO phones (userid, options) VALUES (?, ?) ON CONFLICT (userid) DO UPDATE SET options = excluded.options',
    )
    .run(userid, JSON.stringify(options))
  return options
}
