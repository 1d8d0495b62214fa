import type { Issue } from '@qimeng/contract/errors'
import { newTask, pushTimeProblem } from '@qimeng/contract/tasks'
import type { Picture, TaskDraft } from './draft.ts'
import { isUnderway, toBody } from './draft.ts'

const pictureProblem = (pictures: Picture[]): string | undefined => {
  const has = (...states: Picture['state'][]) => pictures.some(({ state }) => states.includes(state))
  if (has('failed')) return '有图片没有上传成功，请重试或移除'
  if (has('refused', 'gone')) return '请移除不能使用的图片'
  return undefined
}

/**
 * Everything that is wrong with a draft, in the order of the fields of a push: what the shared schema says, then what only
 * this page knows (pictures that did not arrive; those on their way are waited for, not complained about).
 * @param now the server's time in epoch ms
 */
export function problemsOf(draft: TaskDraft, maxExecutors: number, now: number): Issue[] {
  const body = toBody(draft, now)
  const result = newTask(maxExecutors).safeParse(body)
  const issues: Issue[] = (result.error?.issues ?? []).map(({ path, message }) => ({
    path: path as (string | number)[],
    message,
  }))
  draft.pushes.forEach((push, index) => {
    const add = (path: (string | number)[], message: string | undefined) => {
      if (message) issues.push({ path: ['pushes', index, ...path], message })
    }
    if (typeof push.scheduledAt === 'number') add(['scheduledAt'], pushTimeProblem(push.scheduledAt, now))
    const pictures = pictureProblem(push.pictures)
    add(['images'], pictures)
    if (push.link) add(['link', 'coverId'], pictureProblem(push.link.cover))
    // 「请填写推送内容或添加图片」 is not what is wrong while a picture is on its way or waits for a retry.
    if ((pictures || push.pictures.some(isUnderway)) && push.text.trim() === '') drop(issues, `pushes.${index}.text`)
  })
  return issues
}

function drop(issues: Issue[], path: string): void {
  const found = issues.findIndex((issue) => issue.path.join('.') === path)
  if (found !== -1) issues.splice(found, 1)
}

/** Reads what a path such as ['pushes', 0, 'text'] points at. */
export const valueAt = (body: unknown, path: (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], body)
