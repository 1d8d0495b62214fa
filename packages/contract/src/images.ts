import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ImageView } from './fields.ts'
import { RATES } from './rates.ts'

export const imageApi = {
  upload: endpoint({
    method: 'POST',
    path: '/api/console/images',
    for: 'admin',
    summary: 'Upload one picture for a push (content) or a link (cover)',
    query: z.object({ purpose: z.enum(['content', 'cover']).default('content') }),
    upload: true,
    idempotent: true,
    rate: RATES.upload,
    reply: ImageView,
  }),
  renew: endpoint({
    method: 'GET',
    path: '/api/console/images/:imageId',
    for: 'admin',
    summary: 'Fresh links for a picture one uploaded, as for a draft; 404 when it is gone',
    query: z.object({}).optional(),
    reply: ImageView,
  }),
}
