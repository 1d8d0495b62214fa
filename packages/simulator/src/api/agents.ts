import type { State } from '../state/state.ts'
import { readSettings } from '../state/state.ts'
import type { Endpoint } from './call.ts'
import { WecomError } from './errors.ts'

/** The corp has one more app; it belongs to somebody else's secret. */
const OTHER_AGENT = 1000003

/** The agentid must be the app of the token: another one is 301002, none at all 40056 (WECOM.md 3.1). */
export function checkAgent(state: State, agentId: unknown): void {
  if (agentId === undefined || agentId === '') throw new WecomError(41011, 'missing agentid')
  if (agentId === OTHER_AGENT) throw new WecomError(301002, 'not allow operate another agent with this accesstoken')
  if (agentId !== state.corp.agentId) throw new WecomError(40056, 'invalid agentid')
}

/** `GET /cgi-bin/agent/get` (WECOM.md 8): names are objects with inner arrays, not plain arrays. */
export const agentGet: Endpoint = {
  handle(state, { query }) {
    checkAgent(state, query.agentid && Number(query.agentid))
    const { visible, reportEnter } = readSettings(state)
    return {
      agentid: state.corp.agentId,
      name: APP_NAME,
      square_logo_url: `${state.url}/__phone/assets/app-logo.svg`,
      description: '把朋友圈任务送到每一位员工手上',
      allow_userinfos: { user: visible.users.map((userid) => ({ userid })) },
      allow_partys: { partyid: visible.parties },
      allow_tags: { tagid: visible.tags },
      close: 0,
      redirect_domain: new URL(state.appUrl).host,
      report_location_flag: 0,
      isreportenter: reportEnter ? 1 : 0,
      home_url: homeUrl(state),
    }
  },
}

export const APP_NAME = '企盟助手'
export const homeUrl = (state: State): string => `${state.appUrl}/m/`
