import { meApi } from '@qimeng/contract'
import { agentTicket, corpTicket, signJsapi, WecomError, WecomUnreachable } from '@qimeng/wecom'
import { Router } from 'express'
import { mount } from '../http/mount.ts'
import type { Parts } from '../parts.ts'
import { Refusal, refuseField } from '../refusal.ts'

export function jssdkRoutes(parts: Parts): Router {
  const router = Router()
  mount(parts, router, meApi.signature, async ({ query }) => {
    requireOurs(query.url, parts.config.publicUrl)
    const ticket = await readTicket(parts, query.as)
    return signJsapi(ticket, query.url, { now: parts.clock.now() })
  })
  return router
}

/** A signature lets a page speak to WeCom as our app: only our own pages get one. */
function requireOurs(url: string, publicUrl: string) {
  const ours = URL.canParse(url) && new URL(url).origin === publicUrl && !url.includes('#')
  if (!ours) throw refuseField(['url'], '只能为本应用的页面签名')
}

/** The two tickets are not interchangeable (WECOM.md 5.2). */
async function readTicket({ wecom }: Parts, as: 'corp' | 'app'): Promise<string> {
  try {
    return as === 'corp' ? await corpTicket(wecom) : await agentTicket(wecom)
  } catch (cause) {
    if (!(cause instanceof WecomError) && !(cause instanceof WecomUnreachable)) throw cause
    throw new Refusal('unavailable', '暂时无法连接企业微信，请稍后重试', { cause, retryAfter: 5 })
  }
}
