import type { ImageView, PersonRef } from '@qimeng/contract'
import type { SendScope } from '@qimeng/contract/limits'
import { DEFAULT_HINT } from '@qimeng/contract/limits'
import type { TaskForm } from '@qimeng/contract/tasks'
import { SECOND, startOfMinute } from '@qimeng/contract/time'

/** A picture on its way: `failed` may be retried, `refused` never will be taken, `gone` was swept up on the server. */
export interface Picture {
  key: string
  name: string
  state: 'waiting' | 'uploading' | 'ready' | 'failed' | 'refused' | 'gone'
  /** 0–1 */
  progress: number
  /** The file itself, to show until the server has one. */
  local: string | null
  image: ImageView | null
  message: string
}

export interface LinkDraft {
  url: string
  title: string
  description: string
  /** None or one. */
  cover: Picture[]
}

export interface PushDraft {
  key: string
  name: string
  /** 'now': the minute in which the form is sent. */
  scheduledAt: number | 'now' | null
  text: string
  pictures: Picture[]
  link: LinkDraft | null
}

export interface TaskDraft {
  /** The Idempotency-Key: sending a draft twice makes one task, also when the first answer never came. */
  key: string
  /** Of the task as it was read; null in a new one. */
  version: number | null
  name: string
  sendScope: SendScope
  executors: PersonRef[]
  hint: string
  /** From then on the hint no longer follows the scope. */
  hintEdited: boolean
  pushes: PushDraft[]
}

const newKey = (): string => crypto.randomUUID()

export const newPush = (): PushDraft => ({
  key: newKey(),
  name: '',
  scheduledAt: null,
  text: '',
  pictures: [],
  link: null,
})

export const isBlank = ({ name, scheduledAt, text, pictures, link }: PushDraft): boolean =>
  !name.trim() && scheduledAt === null && !text.trim() && pictures.length === 0 && link === null

/** Pictures of all pushes and their links. */
export const picturesOf = ({ pushes }: TaskDraft): Picture[] =>
  pushes.flatMap((push) => [...push.pictures, ...(push.link?.cover ?? [])])

export const isUnderway = ({ state }: Picture): boolean => state === 'waiting' || state === 'uploading'

export const newLink = (): LinkDraft => ({ url: '', title: '', description: '', cover: [] })

export const newDraft = (): TaskDraft => ({
  key: newKey(),
  version: null,
  name: '',
  sendScope: 'wechat',
  executors: [],
  hint: DEFAULT_HINT.wechat,
  hintEdited: false,
  pushes: [newPush()],
})

export const uploaded = (image: ImageView, name: string): Picture => ({
  key: newKey(),
  name,
  state: 'ready',
  progress: 1,
  local: null,
  image,
  message: '',
})

const copyPictures = (pictures: Picture[]): Picture[] =>
  pictures.flatMap(({ image, name, state }) => (image && state === 'ready' ? [uploaded(image, name)] : []))

/** The same content once more, without pictures that are not there (yet): the file belongs to the one it was added to. */
export const copyPush = ({ name, scheduledAt, text, pictures, link }: PushDraft): PushDraft => ({
  key: newKey(),
  name,
  scheduledAt,
  text,
  pictures: copyPictures(pictures),
  link: link && { ...link, cover: copyPictures(link.cover) },
})

/** A task of the server as a draft to edit. */
export const draftOf = ({ version, name, sendScope, executors, hint, pushes }: TaskForm): TaskDraft => ({
  key: newKey(),
  version,
  name,
  sendScope,
  executors,
  hint,
  hintEdited: hint !== DEFAULT_HINT[sendScope],
  pushes: pushes.map((push) => ({
    key: newKey(),
    name: push.name,
    scheduledAt: push.scheduledAt,
    text: push.text,
    pictures: push.images.map((image, index) => uploaded(image, `图片 ${index + 1}`)),
    link: push.link && { ...push.link, cover: push.link.cover ? [uploaded(push.link.cover, '链接封面')] : [] },
  })),
})

/** Chooses the scope; the hint follows until somebody has edited it. */
export function chooseScope(draft: TaskDraft, scope: SendScope): void {
  draft.sendScope = scope
  if (!draft.hintEdited) draft.hint = DEFAULT_HINT[scope]
}

/** Emptying the hint hands it back to the default at the next choice of a scope. */
export function editHint(draft: TaskDraft, hint: string): void {
  draft.hint = hint
  draft.hintEdited = hint.trim() !== '' && hint !== DEFAULT_HINT[draft.sendScope]
}

/** How long a request may be on its way before the minute turns and 'now' would be too early. */
const TRAVEL = 2 * SECOND

/** The draft as the request body, not yet checked. `now` is the server's time in epoch ms. */
export function toBody({ name, sendScope, executors, hint, pushes }: TaskDraft, now: number) {
  const ids = (pictures: Picture[]): string[] => pictures.flatMap(({ image }) => (image ? [image.id] : []))
  return {
    name,
    sendScope,
    hint,
    executors: executors.map((person) => person.userid),
    pushes: pushes.map((push) => ({
      name: push.name,
      scheduledAt: push.scheduledAt === 'now' ? startOfMinute(now + TRAVEL) : push.scheduledAt,
      text: push.text,
      images: ids(push.pictures),
      link: push.link && {
        url: push.link.url,
        title: push.link.title,
        description: push.link.description,
        coverId: ids(push.link.cover)[0] ?? null,
      },
    })),
  }
}
