import type { ApiError } from '@qimeng/contract/client'
import type { Issue } from '@qimeng/contract/errors'
import { computed, ref } from 'vue'
import type { TaskDraft } from './draft.ts'
import { toBody } from './draft.ts'
import { problemsOf, valueAt } from './problems.ts'

export type Complaint = (path: string) => string | undefined

/**
 * What stands under the fields: from the first attempt to send on the form's own findings, always up to date, and what the
 * server refused for as long as that value is unchanged.
 */
export function useProblems(draft: TaskDraft, maxExecutors: number, now: () => number) {
  const attempted = ref(false)
  const refused = ref<(Issue & { value: string })[]>([])

  const at = (path: Issue['path']) => JSON.stringify(valueAt(toBody(draft, now()), path)) ?? ''

  const byField = computed(() => {
    const fields = new Map<string, string>()
    const own = attempted.value ? problemsOf(draft, maxExecutors, now()) : []
    const theirs = refused.value.filter(({ path, value }) => at(path) === value)
    for (const { path, message } of [...own, ...theirs]) {
      const field = fieldOf(path)
      if (!fields.has(field)) fields.set(field, message)
    }
    return fields
  })

  /** Begins an attempt to send. */
  function check(): boolean {
    attempted.value = true
    refused.value = []
    return byField.value.size === 0
  }

  function refuse(error: ApiError): void {
    refused.value = error.issues.map((issue) => ({ ...issue, message: named(issue), value: at(issue.path) }))
  }

  /** One picture of nine is named: numbers change when they are moved. */
  function named({ path, message }: Issue): string {
    const [pushes, push, images, index] = path
    if (pushes !== 'pushes' || images !== 'images' || typeof index !== 'number') return message
    const picture = draft.pushes[push as number]?.pictures.filter(({ image }) => image !== null)[index]
    return picture ? `「${picture.name}」${message}` : message
  }

  const complaint: Complaint = (path) => byField.value.get(path)
  return { check, refuse, complaint, count: computed(() => byField.value.size) }
}

/** One person or picture of many is complained about under the field that holds them all. */
function fieldOf(path: Issue['path']): string {
  const whole = path.findIndex((key) => key === 'executors' || key === 'images')
  return (whole === -1 ? path : path.slice(0, whole + 1)).join('.')
}
