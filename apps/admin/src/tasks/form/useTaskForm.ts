import { ApiError } from '@qimeng/contract/client'
import type { NewTask } from '@qimeng/contract/tasks'
import { computed, onBeforeUnmount, reactive, ref, shallowRef, watch } from 'vue'
import { useCall } from '../../api.ts'
import type { Me } from '../../session.ts'
import { useSession } from '../../session.ts'
import { showProblem } from '../../ui/problems.ts'
import { useAction } from '../../ui/useAction.ts'
import type { TaskDraft } from './draft.ts'
import { draftOf, isUnderway, newDraft, picturesOf, toBody } from './draft.ts'
import { draftStorage, stored } from './draftStorage.ts'
import { useFreshPictures } from './freshPictures.ts'
import { useProblems } from './useProblems.ts'

/** How long (ms) typing pauses before the draft is put away. */
const SAVE_AFTER = 400

/** What a form begins with: nothing, the task it edits, or the one it copies. */
export interface Beginning {
  taskId?: string
  copyOf?: string
  original?: TaskDraft
}

/** The form of one task: the draft, what is wrong with it, and sending it. */
export function useTaskForm(me: Me, { taskId, copyOf, original = newDraft() }: Beginning = {}) {
  const call = useCall()
  const session = useSession()
  // A copy has a draft of its own: what was begun at 「新建任务」 waits there.
  const storage = draftStorage(me.userid, taskId ?? (copyOf === undefined ? 'new' : `copy-${copyOf}`))
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
  /** Somebody else has changed the task since this draft of it was begun. */
  const stale = ref(draft.version !== original.version)
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
    stale.value = false
  }

  /** Takes the task as it is now, in place of what was typed. */
  async function reload(): Promise<void> {
    const task = await call('GET /api/console/tasks/:taskId/form', { params: { taskId: taskId! } })
    original = draftOf(task)
    untouched.value = print(original)
    startOver()
    if (!task.editable) tooLate()
  }

  function tooLate(): void {
    issued.value = true
    sent.value = true
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
      const code = taskId !== undefined && error instanceof ApiError ? error.code : undefined
      if (code === 'conflict') tooLate()
      else if (code === 'stale') stale.value = true
      else if (error instanceof ApiError && error.issues.length > 0) problems.refuse((refusal.value = error))
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

  useFreshPictures(() => picturesOf(draft), kept !== undefined)

  return {
    draft,
    restored,
    changed,
    sending,
    uploading,
    issued,
    stale,
    refusal,
    complaint: problems.complaint,
    problemCount: problems.count,
    send,
    startOver,
    reload: useAction(reload),
  }
}

/** What two drafts may differ in and still say the same: keys, and links to pictures, which are renewed. */
const PASSING = new Set(['key', 'thumb', 'full', 'hintEdited'])

const print = (draft: TaskDraft): string =>
  JSON.stringify(stored(draft), (name, value: unknown) => (PASSING.has(name) ? undefined : value))
