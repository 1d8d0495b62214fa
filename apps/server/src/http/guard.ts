import { REQUEST_HEADER, REQUEST_HEADER_VALUE } from '@qimeng/contract/client'
import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { Config } from '../config.ts'
import { Refusal } from '../refusal.ts'

/** WeCom's desktop client shows workbench apps in a frame. */
const WECOM_FRAMES = ['https://*.work.weixin.qq.com', 'https://*.weixin.qq.com']

/** What no page of ours needs, and so no script that got in may ask for. Taking photos is the file chooser's affair. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'serial', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ')

/** Of the two apps; Express takes their paths in any case. */
const PAGES = /^\/(m|admin)(\/|$)/i
/** A year, the least that ASVS 5.0 3.4.1 asks for. */
const HSTS_SECONDS = 365 * 24 * 3600

/**
 * Headers of every reply: no inline scripts, nothing sniffed, no address passed on, and no frames, except WeCom's around our
 * pages.
 */
export function securityHeaders(config: Config): RequestHandler {
  const page = headersOf(config, ["'self'", ...WECOM_FRAMES])
  const rest = headersOf(config, ["'none'"])
  return (request, response, next) => {
    response.set('Permissions-Policy', PERMISSIONS)
    const headers = PAGES.test(request.path) ? page : rest
    headers(request, response, next)
  }
}

const headersOf = ({ secure }: Config, frames: string[]) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'script-src-attr': ["'none'"],
        // Vue and the component libraries set style attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'worker-src': ["'self'", 'blob:'],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': frames,
        ...(secure ? { 'upgrade-insecure-requests': [] } : {}),
      },
    },
    // frame-ancestors says it better: X-Frame-Options knows no list.
    frameguard: false,
    hsts: secure ? { maxAge: HSTS_SECONDS } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
  })

/**
 * Refuses requests that change something and do not come from our own pages: a foreign form can neither add the header
 * nor send JSON, and browsers say where a request comes from.
 */
export const refuseForgeries =
  ({ publicUrl }: Config): RequestHandler =>
  (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next()
    const origin = request.get('Origin')
    const site = request.get('Sec-Fetch-Site')
    const ours =
      request.get(REQUEST_HEADER) === REQUEST_HEADER_VALUE &&
      (origin === undefined || origin === publicUrl) &&
      (site === undefined || site === 'same-origin' || site === 'none')
    next(ours ? undefined : new Refusal('forbidden', '请求来源不正确，请刷新页面后重试'))
  }
