import type { ErrorCode, Problem } from '@qimeng/contract/errors'
import type { ErrorRequestHandler } from 'express'
import type { Logger } from 'pino'
import { BlobsUnavailable, StorageFull } from '../blobs/blobs.ts'
import { notFound, Refusal } from '../refusal.ts'
import { problemPage } from './problem-page.ts'

/** Complete, or no build. */
const STATUS: Record<ErrorCode, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_executor: 403,
  not_found: 404,
  conflict: 409,
  stale: 409,
  task_deleted: 410,
  too_large: 413,
  unsupported_media: 415,
  invalid: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
  storage_full: 507,
}

/** SQLite's and PostgreSQL's (disk_full). */
const DATABASE_FULL: ReadonlySet<string> = new Set(['SQLITE_FULL', '53100'])

/**
 * Gone by itself in a moment. SQLite: somebody else holds the lock. PostgreSQL: transactions that collided (40…), no
 * connection or memory left (53…), restarting (57P…), or connections that broke (08…).
 */
const DATABASE_BUSY = /^(SQLITE_BUSY|40001|40P01|53\d{3}|57P0\d|08\d{3}|ECONNREFUSED|ECONNRESET)/

/** The one place where something thrown becomes a reply. What is not a Refusal is our fault, and is logged whole. */
export const problems =
  (log: Logger): ErrorRequestHandler =>
  (thrown, request, response, next) => {
    const refusal = asRefusal(thrown)
    const requestId = response.get('X-Request-Id') ?? ''
    if (refusal.code === 'internal' || thrown instanceof BlobsUnavailable) {
      log.error({ err: thrown, requestId, path: request.path }, 'request failed')
    } else if (STATUS[refusal.code] === 403) {
      // Somebody tries what he may not: a forged request, an altered link, a push that is not his.
      log.info({ code: refusal.code, requestId, path: request.path, from: request.ip }, 'request refused')
    }
    if (response.headersSent) return next(thrown)
    if (refusal.retryAfter !== undefined) response.set('Retry-After', String(Math.ceil(refusal.retryAfter)))
    const body: Problem = {
      code: refusal.code,
      message: refusal.message,
      ...(refusal.issues ? { issues: refusal.issues } : {}),
      requestId,
    }
    // A file that was about to be sent has set type and caching of its own.
    response.set('Cache-Control', 'no-store').status(STATUS[refusal.code])
    // A browser that opens an address asks for a page first; a program takes anything.
    if (request.accepts(['json', 'html']) === 'html') response.type('html').send(problemPage(body))
    else response.type('json').json(body)
  }

function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  if (thrown instanceof StorageFull) return new Refusal('storage_full', '服务器存储空间不足，请联系管理员')
  if (thrown instanceof BlobsUnavailable) {
    return new Refusal('unavailable', '图片和文件暂时无法访问，请稍后重试', { retryAfter: 5 })
  }
  const { code, type, status, expose } = thrown as { code?: string; type?: string; status?: number; expose?: boolean }
  if (code !== undefined && DATABASE_FULL.has(code)) {
    return new Refusal('storage_full', '服务器存储空间不足，请联系管理员')
  }
  if (code !== undefined && DATABASE_BUSY.test(code)) {
    return new Refusal('unavailable', '系统繁忙，请稍后重试', { retryAfter: 2 })
  }
  // SQLSTATE class 22, "data exception": a made-up cursor, say, whose text stands where a number belongs.
  if (typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code)) return new Refusal('malformed', '请求内容无法解析')
  // body-parser and Express tell their errors apart by type and status.
  if (type === 'entity.too.large') return new Refusal('too_large', '提交的内容太大了')
  if (type === 'charset.unsupported' || type === 'encoding.unsupported') {
    return new Refusal('unsupported_media', '不支持的内容编码')
  }
  // express.static, about a file that is not there (an old page wants a part of the last release) or outside its folder.
  if (status === 404 || status === 403) return notFound('文件')
  if (status === 400) return new Refusal('malformed', '请求内容无法解析')
  // The rest of Express's own, such as a Range outside its file (416): `expose` marks what the caller did.
  if (expose && status && status < 500) return new Refusal('malformed', '请求无法处理')
  return new Refusal('internal', '系统出错了，请稍后重试')
}
