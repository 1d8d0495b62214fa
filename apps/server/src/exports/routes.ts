import { exportApi } from '@qimeng/contract/messages'
import { Router } from 'express'
import { audit } from '../audit/audit.ts'
import { askedRange } from '../http/byte-range.ts'
import { mount } from '../http/mount.ts'
import { sendBlob } from '../http/send-blob.ts'
import type { Parts } from '../parts.ts'
import { openExport, retryExport, startExport } from './exports.ts'

export function exportRoutes(parts: Parts): Router {
  const router = Router()

  mount(parts, router, exportApi.start, ({ session, params, body, remember }) =>
    parts.db.transaction().execute(async (trx) => {
      const { pushId } = params
      const exportId = await startExport(parts, trx, { pushId, filter: body, requestedBy: session.userid })
      await audit(trx, parts, { actor: session.userid, action: 'export.start', subject: pushId, detail: { ...body } })
      return remember(trx, { exportId })
    }),
  )

  mount(parts, router, exportApi.retry, async ({ session, params }) => {
    await retryExport(parts, params.exportId, session.userid)
    return {}
  })

  mount(parts, router, exportApi.download, async ({ session, params, request, response }) => {
    const { exportId } = params
    const range = askedRange(request, response)
    const { fileName, ...blob } = await openExport(parts, exportId, session.userid, range)
    await audit(parts.db, parts, { actor: session.userid, action: 'export.download', subject: exportId })
    // Its type comes with the end of its name: .xlsx, or .zip for several.
    response.attachment(fileName)
    await sendBlob(blob, request, response, range)
  })

  return router
}
