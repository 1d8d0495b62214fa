import { vi } from 'vitest'

export const WECOM_UA =
  'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 wxwork/4.1.36 MicroMessenger/7.0.1'

/** What a WeCom client is asked, and what it answers: `ok`, `cancel`, `fail_…`, or nothing at all. */
export interface Bridge {
  asked: { name: string; params: Record<string, unknown> }[]
  answers: Record<string, string | undefined>
}

/** Makes this test's browser a WeCom client, with the bridge the unmodified SDK talks to, or without one. */
export function becomeWecom({ bridge = true } = {}): Bridge {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(WECOM_UA)
  const phone: Bridge = { asked: [], answers: {} }
  const invoke = (name: string, params: Record<string, unknown>, callback: (reply: object) => void) => {
    phone.asked.push({ name, params })
    const answer = name in phone.answers ? phone.answers[name] : 'ok'
    if (answer) callback({ err_msg: `${name}:${answer}` })
  }
  vi.stubGlobal('WeixinJSBridge', bridge ? { invoke, on: () => undefined } : undefined)
  return phone
}

/** The clipboard of a browser, as far as this test's browser allows. */
export function aClipboard({ allowed = true } = {}): { text: string } {
  const clipboard = { text: '' }
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: {
      writeText: (text: string) => {
        if (!allowed) return Promise.reject(new DOMException('denied', 'NotAllowedError'))
        clipboard.text = text
        return Promise.resolve()
      },
    },
  })
  return clipboard
}
