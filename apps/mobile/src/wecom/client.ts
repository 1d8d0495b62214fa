import { call } from '../api.ts'

export type Sdk = typeof import('./sdk.ts')

/** Whose browser this is. The SDK itself decides the same way, by the user agent (WECOM.md 5.4). */
export function host(): 'wecom' | 'wechat' | 'browser' {
  const { userAgent } = navigator
  if (/wxwork\//i.test(userAgent)) return 'wecom'
  return /micromessenger/i.test(userAgent) ? 'wechat' : 'browser'
}

/** Whether this WeCom client, by its user agent, has this version or a later one. */
export function clientHas(wanted: string): boolean {
  const [, version] = /wxwork\/(\d+(?:\.\d+)*)/i.exec(navigator.userAgent) ?? []
  if (version === undefined) return false
  return version.localeCompare(wanted, 'en', { numeric: true }) >= 0
}

/** Earlier clients fail every call when asked for the app's identity, which none of the calls they know needs (WECOM.md 5.3). */
const APP_IDENTITY_SINCE = '3.0.24'

/** Android draws some things in other places than iOS. */
export const onAndroid = (): boolean => /android/i.test(navigator.userAgent)

export type Failure = 'outside' | 'timeout' | 'cancelled' | 'refused'
export type Outcome = { ok: true } | { ok: false; failure: Failure; detail: string }

const JS_API_LIST = [
  'setClipboardData',
  'previewImage',
  'shareToExternalMoments',
  'onMenuShareTimeline',
  'updateTimelineShareData',
  'closeWindow',
]

let registered: Promise<Sdk> | undefined
/** Registers again, after the SDK did not load. */
let registerAgain: (() => void) | undefined

/** Registers with the client, once, with both identities: some calls need the app's (WECOM.md 5.3). Never throws. */
export function startWecom(app: { corpId: string; agentId: number }): void {
  if (registered || host() === 'browser') return
  registerAgain = () => startWecom(app)
  const sign = (as: 'corp' | 'app') => (url: string) =>
    call('GET /api/me/jssdk/signature', { query: { url: url.replace(/#.*/, ''), as } }).catch((error: unknown) => {
      throw new SignatureError(error)
    })
  window.addEventListener('unhandledrejection', hushDroppedPromise)
  registered = import('./sdk.ts').then((ww) => {
    ww.register({
      ...app,
      jsApiList: JS_API_LIST,
      getConfigSignature: sign('corp'),
      ...(clientHas(APP_IDENTITY_SINCE) ? { getAgentConfigSignature: sign('app') } : {}),
    })
    return ww
  })
  registered.catch(() => {
    // The chunk did not load (no network): the next call tries again.
    registered = undefined
  })
}

/** In the form of the SDK's own failures. */
class SignatureError extends Error {
  readonly errMsg: string

  constructor(cause: unknown) {
    super('no signature', { cause })
    this.errMsg = `signature:${cause instanceof Error ? cause.message : ''}`
  }
}

/**
 * `register` and `onMenuShareTimeline` start the SDK's configuration and drop its promise. When it fails, whoever calls
 * next hears of it and falls back; an uncaught error in the console besides would help nobody.
 */
function hushDroppedPromise(event: PromiseRejectionEvent): void {
  const { errMsg, message } = (event.reason ?? {}) as { errMsg?: unknown; message?: unknown }
  if (errMsg !== undefined || String(message).startsWith('SDK Error:')) event.preventDefault()
}

/**
 * Runs an SDK call that may never answer: without a bridge every promise of the SDK stays pending (WECOM.md 5.5).
 * @param patience ms
 * @param onLate hears of an answer that came after the time-out was reported
 */
export async function viaClient(
  run: (ww: Sdk) => unknown,
  patience: number,
  onLate?: (outcome: Outcome) => void,
): Promise<Outcome> {
  if (!registered) registerAgain?.()
  if (!registered) return { ok: false, failure: 'outside', detail: '' }
  let timedOut = false
  const answer = registered.then(run).then(
    (): Outcome => ({ ok: true }),
    (error: unknown): Outcome => toOutcome(error),
  )
  void answer.then((outcome) => timedOut && onLate?.(outcome))
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      timedOut = true
      resolve({ ok: false, failure: 'timeout', detail: '' })
    }, patience)
  })
  return Promise.race([answer, timeout]).finally(() => clearTimeout(timer))
}

function toOutcome(error: unknown): Outcome {
  const { errMsg } = (error ?? {}) as { errMsg?: string }
  const detail = errMsg ?? (error instanceof Error ? error.message : '')
  return { ok: false, failure: /:cancel$/.test(detail) ? 'cancelled' : 'refused', detail }
}
