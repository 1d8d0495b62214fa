import { ApiError } from '@qimeng/contract/client'
import { LinkUrl } from '@qimeng/contract/tasks'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useCall } from '../../api.ts'
import { confirmed } from '../../ui/confirm.ts'
import { keepFocus } from '../../ui/keepFocus.ts'
import { showProblem } from '../../ui/problems.ts'
import type { LinkDraft } from './draft.ts'
import { uploaded } from './draft.ts'

interface Found {
  title: string
  description: string
  cover: LinkDraft['cover']
}

/**
 * 获取标题和封面: fills what is empty from the page behind the address; what somebody typed is replaced only after asking.
 * Editing the address or leaving calls it off.
 */
export function useLinkPreview(link: () => LinkDraft) {
  const call = useCall()
  const fetching = ref(false)
  /** Why nothing came, to stand under the address. The link may be sent all the same. */
  const problem = ref<string>()
  const found = shallowRef<Found>()
  /** What the page did not say, and nobody has filled in since. */
  const missing = computed(() => found.value && whatIsMissing(found.value, link()))
  let running: AbortController | undefined
  let pasted = false

  function callOff(): void {
    running?.abort()
    running = undefined
    fetching.value = false
    problem.value = found.value = undefined
  }
  watch(() => link().url, callOff, { flush: 'sync' })
  onScopeDispose(callOff)

  /** Once the field of a pasted address is left: nobody has to know the button. It fills, and never asks. */
  async function fetchPasted(): Promise<void> {
    const wanted = pasted && link().title.trim() === '' && LinkUrl.safeParse(link().url).success
    pasted = false
    if (wanted && !fetching.value) await fetch(() => Promise.resolve(false))
  }

  /** @param mayReplace is asked when the page says something else than what was typed */
  async function fetch(mayReplace: () => Promise<boolean>): Promise<void> {
    callOff()
    pasted = false
    const { success, data: url, error } = LinkUrl.safeParse(link().url)
    if (!success) {
      problem.value = error.issues[0]?.message
      return
    }
    const aborter = (running = new AbortController())
    const giveFocusBack = keepFocus()
    fetching.value = true
    try {
      const { title, description, cover } = await call('POST /api/console/links/preview', {
        body: { url },
        signal: aborter.signal,
      })
      if (aborter.signal.aborted) return
      fetching.value = false
      const said = { title, description, cover: cover ? [uploaded(cover, '链接封面')] : [] }
      const replace = contradicts(link(), said) && (await mayReplace())
      if (aborter.signal.aborted) return
      fill(link(), said, replace)
      found.value = said
    } catch (thrown) {
      if (aborter.signal.aborted) return
      if (thrown instanceof ApiError && thrown.status > 0 && thrown.status !== 401) {
        problem.value = thrown.issues[0]?.message ?? thrown.message
      } else showProblem(thrown)
    } finally {
      if (running === aborter) fetching.value = false
      void giveFocusBack()
    }
  }

  return {
    fetching,
    problem,
    missing,
    fetchPasted,
    notePaste: () => (pasted = true),
    fetch: () =>
      fetch(() => confirmed('覆盖已填写的标题和封面？', '将换成网页上的内容，之后仍可修改。', '覆盖', false)),
  }
}

function whatIsMissing({ title, cover }: Found, link: LinkDraft): string | undefined {
  if (title === '' && cover.length === 0) return '这个网页没有提供标题和封面，请手动填写'
  if (title === '' && link.title.trim() === '') return '这个网页没有提供标题，请手动填写'
  return cover.length === 0 && link.cover.length === 0 ? '没有获取到封面，可以手动添加' : undefined
}

/** The page says something else than what is there already. */
const contradicts = (typed: LinkDraft, found: Found): boolean =>
  differs(typed.title, found.title) ||
  differs(typed.description, found.description) ||
  (typed.cover.length > 0 && found.cover.length > 0)

const differs = (typed: string, found: string) => typed.trim() !== '' && found !== '' && typed.trim() !== found

/** What the page does not say stays as it was. */
function fill(link: LinkDraft, found: Found, replace: boolean): void {
  if (found.title !== '' && (replace || link.title.trim() === '')) link.title = found.title
  if (found.description !== '' && (replace || link.description.trim() === '')) link.description = found.description
  if (found.cover.length > 0 && (replace || link.cover.length === 0)) link.cover = found.cover
}
