import { escapeHtml } from './html.ts'
import type { describeApi } from './openapi.ts'

type Description = ReturnType<typeof describeApi>

interface Operation {
  summary: string
  tags: string[]
}

const AUDIENCE: Record<string, string> = { admin: 'Console', employee: 'Employee' }

/** The API as a page to read: what there is, for whom, and on a click the schemas. From the contract, so never stale. */
export function docsPage({ info, paths }: Description): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => row(method, path, operation as Operation)),
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} API</title>
<style>
  body { font: 15px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2129 }
  details { border-top: 1px solid #e5e6eb; padding: .5rem 0 }
  summary { cursor: pointer }
  code { font-weight: 600 }
  pre { background: #f5f6f8; padding: 1rem; border-radius: 8px; overflow: auto; font-size: 13px }
  .for { float: right; color: #6b7280 }
</style>
<h1>${escapeHtml(info.title)}</h1>
<p>Every request that changes something carries the header <code>X-Requested-With: qimeng-moments</code> and the session
cookie of its audience. The same as <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
${rows.join('\n')}
</html>`
}

const row = (method: string, path: string, operation: Operation) => `<details>
<summary><code>${method.toUpperCase()} ${escapeHtml(path)}</code> <span class="for">${AUDIENCE[operation.tags[0] ?? ''] ?? ''}</span><br>
${escapeHtml(operation.summary)}</summary>
<pre>${escapeHtml(JSON.stringify({ ...operation, tags: undefined, summary: undefined }, null, 2))}</pre>
</details>`
