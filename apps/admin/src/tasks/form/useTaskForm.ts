import { ApiError } from '@qimeng/contract/client'
import type { NewTask } from '@qimeng/contract/tasks'
import { computed, onBeforeUnmount, reactive, ref, shallowRef, watch } from 'vue'
import { useCall } from '../../api.ts'
import type { Me } from '../../session.ts'
import { useSession } from '../../session.ts'
import { showProblem } from '../../ui/problems.ts'
import type { Picture, PushDraft, TaskDraft } from './draft.ts'
import { copyPush, isUnderway, newDraft, newPush, picturesOf, toBody } from './draft.ts'
import { draftStorage, stored } from './draftStorage.ts'
import { useProblems } from './useProblems.ts'

/** How long (ms) typing pauses before the draft is put away. */
const SAVE_AFTER = 400

/**
 * The form of one new task, or of `taskId` as `original` has it: the draft, what is wrong with it, and sending it.
 */
export function useTaskForm(me: Me, taskId?: string, original: TaskDraft = newDraft()) {
  const call = useCall()
  const session = useSession()
  const storage = draftStorage(me.userid, taskId)
  const kept = storage.load()

  const draft = reactive<TaskDraft>(kept ?? structuredClone(original))
  const untouched = ref(print(original))
  const restored = ref(kept !== undefined)
  const sending = ref(false)
  const sent = ref(false)
  /** The server's last objection to what was sent. */
  const refusal = shallowRef<ApiError>()
  /** The task went out while it was being edited. */
  const issued = ref(false)
  const uploading = computed(() => picturesOf(draft).some(isUnderway))
  const changed = computed(() => !sent.value && print(draft) !== untouched.value)
  const problems = useProblems(draft, me.limits.executors, session.now)

  let timer: ReturnType<typeof setTimeout> | undefined
  function putAway(): void {
    clearTimeout(timer)
    if (changed.value) storage.save(draft)
    else storage.forget()
  }
  watch(draft, () => {
    clearTimeout(timer)
    timer = setTimeout(putAway, SAVE_AFTER)
  })
  window.addEventListener('pagehide', putAway)
  let gone = false
  onBeforeUnmount(() => {
    gone = true
    putAway()
    window.removeEventListener('pagehide', putAway)
  })

  /** Back to the beginning: the draft is forgotten. */
  function startOver(): void {
    Object.assign(draft, structuredClone(original), { key: crypto.randomUUID() })
    restored.value = false
  }

  /** @returns the task's id, or undefined when it was refused; what is wrong then stands under the fields */
  async function send(): Promise<string | undefined> {
    if (sending.value || !problems.check()) return undefined
    sending.value = true
    refusal.value = undefined
    try {
      if (uploading.value) {
        await new Promise<void>((done) => watch(uploading, () => done(), { once: true }))
        // Meanwhile one may have gone on typing, a picture may have failed, or the page may have been left.
        if (gone || !problems.check()) return undefined
      }
      const { id } = await submit(toBody(draft, session.now()) as NewTask)
      sent.value = true
      return id
    } catch (error) {
      if (taskId !== undefined && error instanceof ApiError && error.code === 'conflict') {
        issued.value = true
        sent.value = true
      } else if (error instanceof ApiError && error.issues.length > 0) problems.refuse((refusal.value = error))
      else showProblem(error)
      return undefined
    } finally {
      sending.value = false
    }
  }

  const submit = (body: NewTask) =>
    taskId === undefined
      ? call('POST /api/console/tasks', { body, idempotencyKey: draft.key })
      : call('PUT /api/console/tasks/:taskId', { params: { taskId }, body: { ...body, version: draft.version! } })

  /** Links to pictures live a day, and unused pictures a week: a draft may be older. */
  async function renew(picture: Picture): Promise<void> {
    if (!picture.image) return
    try {
      picture.image = await call('GET /api/console/images/:imageId', { params: { imageId: picture.image.id } })
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) return
      picture.state = 'gone'
      picture.message = `「${picture.name}」已过期，请移除后重新上传`
    }
  }
  if (kept) void Promise.all(picturesOf(draft).map(renew))

  const place = (push: PushDraft) => draft.pushes.findIndex(({ key }) => key === push.key)
  return {
    draft,
    restored,
    changed,
    sending,
    uploading,
    issued,
    refusal,
    complaint: problems.complaint,
    problemCount: problems.count,
    send,
    startOver,
    addPush: () => draft.pushes.push(newPush()),
    copyPush: (push: PushDraft) => draft.pushes.splice(place(push) + 1, 0, copyPush(push)),
    removePush: (push: PushDraft) => draft.pushes.splice(place(push), 1),
    movePush(push: PushDraft, steps: number) {
      const from = place(push)
      draft.pushes.splice(from + steps, 0, ...draft.pushes.splice(from, 1))
    },
  }
}

/** What two drafts may differ in and still say the same: keys, and links to pictures, which are renewed. */
const PASSING = new Set(['key', 'thumb', 'full', 'hintEdited'])

const print = (draft: TaskDraft): string =>
  JSON.stringify(stored(draft), (name, value: unknown) => (PASSING.has(name) ? undefined : value))
