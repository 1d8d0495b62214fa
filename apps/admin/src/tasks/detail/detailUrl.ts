import type { ExecutionState } from '@qimeng/contract/limits'
import type { LocationQuery } from 'vue-router'

/** What the detail page shows, as the address holds it. `proof` is whose screenshots are open. */
export interface DetailView {
  push: string | undefined
  list: ExecutionState
  keyword: string
  department: number | undefined
  cursor: string | undefined
  proof: string | undefined
}

/** Reads an address somebody may have typed: what makes no sense counts as absent. */
export function readView(query: LocationQuery): DetailView {
  const text = (name: string) => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : undefined)
  const department = Number(text('department'))
  return {
    push: text('push'),
    list: text('list') === 'done' ? 'done' : 'pending',
    keyword: text('keyword') ?? '',
    department: Number.isSafeInteger(department) ? department : undefined,
    cursor: text('cursor'),
    proof: text('proof'),
  }
}

export function writeView(view: DetailView): Record<string, string> {
  const { list, ...rest } = view
  const entries = Object.entries({ ...rest, list: list === 'done' ? 'done' : '' })
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => [name, String(value)]),
  )
}
