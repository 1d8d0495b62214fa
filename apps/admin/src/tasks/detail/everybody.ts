import type { ExecutionFilter, ExecutionRow } from '@qimeng/contract/delivery'
import type { ConsoleCall } from '../../api.ts'

/** The most the server gives at once. */
const LIMIT = 1_000

/** Everybody in a list of a push under a filter, not only the page that is shown. */
export async function everybodyIn(call: ConsoleCall, pushId: string, filter: ExecutionFilter): Promise<ExecutionRow[]> {
  const found: ExecutionRow[] = []
  let cursor: string | undefined
  do {
    const query = { ...filter, limit: LIMIT, cursor }
    const page = await call('GET /api/console/pushes/:pushId/executions', { params: { pushId }, query })
    found.push(...page.rows)
    cursor = page.next ?? undefined
  } while (cursor)
  return found
}
