import type { PhoneOptions } from './options.ts'

const IOS =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'
const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36'

/** The user agent of this phone's in-app browser, after the samples of WECOM.md 5.4. */
export function userAgent({ client, bridge }: PhoneOptions): string {
  const system = client === 'ios' ? IOS : ANDROID
  if (bridge === 'browser') return client === 'ios' ? `${system} Version/17.5 Safari/604.1` : system.replace('; wv', '')
  const version = bridge === 'old' ? '3.0.20' : client === 'ios' ? '4.1.30' : '4.1.36'
  const network = client === 'ios' ? '' : ' NetType/4G'
  return `${system} wxwork/${version} MicroMessenger/7.0.1${network} Language/zh ColorScheme/Light`
}
