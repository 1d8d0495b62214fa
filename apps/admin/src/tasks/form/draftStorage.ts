import type { Picture, TaskDraft } from './draft.ts'

/** Raised when a draft is stored in another shape: older ones are then forgotten. */
const VERSION = 2

export interface DraftStorage {
  load(): TaskDraft | undefined
  save(draft: TaskDraft): void
  forget(): void
}

/** A file does not outlive its page: a picture that has not arrived is lost then, and the draft names it. */
const keepable = (pictures: Picture[]): Picture[] =>
  pictures
    .filter(({ state }) => state !== 'refused')
    .map((picture) => ({ ...picture, local: null, ...(picture.image ? {} : lost(picture)) }))

const lost = ({ name }: Picture) => ({
  state: 'gone' as const,
  progress: 0,
  message: `「${name}」没有上传完，请移除后重新添加`,
})

/** What of a draft outlives the page. */
export const stored = (draft: TaskDraft): TaskDraft => ({
  ...draft,
  pushes: draft.pushes.map((push) => ({
    ...push,
    pictures: keepable(push.pictures),
    link: push.link && { ...push.link, cover: keepable(push.link.cover) },
  })),
})

/**
 * The draft in this browser of one person for one form. A full or forbidden storage keeps nothing.
 * @param form a task's id, `new`, or which task is copied
 */
export function draftStorage(userid: string, form: string): DraftStorage {
  const key = `qimeng-moments:draft:${userid}:${form}`
  return {
    load() {
      try {
        const found = JSON.parse(localStorage.getItem(key) ?? 'null') as { version: number; draft: TaskDraft } | null
        return found?.version === VERSION ? found.draft : undefined
      } catch {
        return undefined
      }
    },
    save(draft) {
      try {
        localStorage.setItem(key, JSON.stringify({ version: VERSION, draft: stored(draft) }))
      } catch {
        // QuotaExceededError or a browser without storage: the form works, only without a draft.
      }
    },
    forget() {
      try {
        localStorage.removeItem(key)
      } catch {
        // Nothing is kept where nothing may be.
      }
    },
  }
}
