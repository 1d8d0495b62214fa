import { readFileSync } from 'node:fs'
import { findMedia, keep } from '../api/media.ts'
import type { Person } from '../state/people.ts'
import { readSettings, type State } from '../state/state.ts'
import { addPicture, findPicture } from './album.ts'
import { readClipboard, writeClipboard } from './clipboard.ts'
import { phoneOrigin } from './hosts.ts'
import { phoneOptions } from './options.ts'
import { toApp } from './origin.ts'
import { verifySignature } from './signature.ts'
import { userAgent } from './user-agent.ts'

type Params = Record<string, unknown>
type Outcome = Record<string, unknown> & { err_msg: string }

const SCRIPT = readFileSync(new URL('../assets/bridge.js', import.meta.url), 'utf8')

/** The script put into every document of the in-app browser, with this phone's settings in front. */
export function bridgeScript(state: State, person: Person): string {
  const options = phoneOptions(state, person.userid)
  const config = { userAgent: userAgent(options), bridge: options.bridge, app: state.appUrl, wecom: state.url }
  return SCRIPT.replace("'__PHONE__'", () => JSON.stringify(config))
}

/** The calls that need the phone and not its screen. `url` is the page's address without its hash. */
export async function bridgeCall(
  state: State,
  person: Person,
  name: string,
  url: string,
  params: Params,
): Promise<Outcome> {
  const handler = CALLS[name]
  if (!handler) return { err_msg: `${name}:function_not_exist` }
  const page = toApp(url, state, phoneOrigin(state, person))
  return handler({ state, person, page }, params, name)
}

interface Context {
  state: State
  person: Person
  /** The page's address as the app knows it: the one that was signed. */
  page: string
}

const CALLS: Record<string, (context: Context, params: Params, name: string) => Outcome | Promise<Outcome>> = {
  preVerifyJSAPI({ state, page }, params, name) {
    if (params.verifyAppId !== state.corp.corpId) return { err_msg: `${name}:fail_invalid appid` }
    const signed = {
      timestamp: String(params.verifyTimestamp),
      nonceStr: String(params.verifyNonceStr),
      signature: String(params.verifySignature),
    }
    return configured(name, state, verifySignature(state, 'corp', page, signed))
  },

  agentConfig({ state, person, page }, params, name) {
    if (phoneOptions(state, person.userid).bridge === 'old') return { err_msg: `${name}:function_not_exist` }
    if (params.corpid !== state.corp.corpId) return { err_msg: `${name}:fail_invalid corpid` }
    if (String(params.agentid) !== String(state.corp.agentId)) return { err_msg: `${name}:fail_invalid agentid` }
    const { timestamp, nonceStr, signature } = params as Record<string, string>
    const signed = { timestamp: String(timestamp), nonceStr: String(nonceStr), signature: String(signature) }
    return configured(name, state, verifySignature(state, 'agent', page, signed))
  },

  /** Asked before every call that carries the signature of an earlier config: it must still be one of this page. */
  verifyCall({ state, page }, params, name) {
    const signed = {
      timestamp: String(params.verifyTimestamp),
      nonceStr: String(params.verifyNonceStr),
      signature: String(params.verifySignature),
    }
    const kinds = ['agent', 'corp'] as const
    const ours = params.verifyAppId === state.corp.corpId
    const valid = ours && kinds.some((kind) => verifySignature(state, kind, page, signed))
    return { err_msg: valid ? `${name}:ok` : `${name}:fail_no permission to execute` }
  },

  setClipboardData({ state, person }, params, name) {
    writeClipboard(state, person.userid, String(params.data ?? ''))
    return { err_msg: `${name}:ok` }
  },
  getClipboardData({ state, person }, _params, name) {
    return { err_msg: `${name}:ok`, data: readClipboard(state, person.userid) }
  },

  /** iOS only, like the real one (WECOM.md 5.6). */
  getLocalImgData({ state, person }, params, name) {
    if (phoneOptions(state, person.userid).client !== 'ios') return { err_msg: `${name}:function_not_exist` }
    const picture = findPicture(state, person.userid, String(params.localId))
    if (!picture) return { err_msg: `${name}:fail_invalid localId` }
    return { err_msg: `${name}:ok`, localData: `data:${picture.type};base64,${picture.bytes.toString('base64')}` }
  },
  uploadImage({ state, person }, params, name) {
    const picture = findPicture(state, person.userid, String(params.localId))
    if (!picture) return { err_msg: `${name}:fail_invalid localId` }
    const serverId = keep(state, 'temporary', { bytes: picture.bytes, filename: picture.name, type: picture.type })
    return { err_msg: `${name}:ok`, serverId }
  },
  async downloadImage({ state, person }, params, name) {
    const media = findMedia(state, String(params.serverId))
    if (!media) return { err_msg: `${name}:fail_invalid serverId` }
    const { id } = await addPicture(state, person.userid, { bytes: media.bytes, name: media.filename }, false)
    return { err_msg: `${name}:ok`, localId: id }
  },
  getContext: (_context, _params, name) => ({ err_msg: `${name}:ok`, entry: 'normal' }),
}

/** A good signature is not enough while nobody has proved whose domain it is (85005, WECOM.md 2.5). */
function configured(name: string, state: State, valid: boolean): Outcome {
  if (!valid) return { err_msg: `${name}:fail_invalid signature` }
  if (!readSettings(state).domainVerified) return { err_msg: `${name}:fail_domain ownership unverified 85005` }
  return { err_msg: `${name}:ok` }
}

/** Whether the member may open the WeCom Moments composer at all (WECOM.md 5.7). */
export const mayShareToExternalMoments = (state: State, person: Person): boolean =>
  phoneOptions(state, person.userid).externalMoments
