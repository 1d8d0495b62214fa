import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ImageView } from './fields.ts'
import { RATES } from './rates.ts'
import { LinkUrl } from './tasks.ts'

export const linkApi = {
  preview: endpoint({
    method: 'POST',
    path: '/api/console/links/preview',
    for: 'admin',
    summary: 'Title, description and cover of a page, fetched by the server (获取标题和封面)',
    body: z.object({ url: LinkUrl }),
    rate: RATES.preview,
    /** Cut to the limits of a link; what the page does not say is empty. The cover is an uploaded picture like any other. */
    reply: z.object({ title: z.string(), description: z.string(), cover: ImageView.nullable() }),
  }),
}
