import { nextTick, ref } from 'vue'
import type { PushDraft, TaskDraft } from './draft.ts'
import { copyPush, newPush } from './draft.ts'

/** The element of a push's card; PushCard.vue gives it this id. */
export const cardId = (push: PushDraft): string => `push-${push.key}`

/**
 * The pushes of a draft as cards: whoever adds, copies, moves or removes one stays where the work goes on, and hears where
 * the card is now.
 * @param activate shows the push with that key in the preview
 */
export function usePushes(draft: TaskDraft, activate: (key: string) => void) {
  /** For those who do not see it. */
  const said = ref('')
  const place = (push: PushDraft) => draft.pushes.findIndex(({ key }) => key === push.key)

  async function goTo(push: PushDraft, selector: string): Promise<void> {
    activate(push.key)
    await nextTick()
    const card = document.getElementById(cardId(push))
    card?.querySelector<HTMLElement>(selector)?.focus()
  }

  async function insert(push: PushDraft, at: number, what: string): Promise<void> {
    draft.pushes.splice(at, 0, push)
    said.value = `${what}，是第 ${at + 1} 个推送，共 ${draft.pushes.length} 个`
    await goTo(push, 'input')
  }

  return {
    said,
    add: () => insert(newPush(), draft.pushes.length, '已添加推送'),
    /** @returns how many pictures could not come along */
    async copy(push: PushDraft): Promise<number> {
      const copy = copyPush(push)
      await insert(copy, place(push) + 1, '已复制推送')
      return push.pictures.length - copy.pictures.length
    },

    async remove(push: PushDraft): Promise<void> {
      const at = place(push)
      draft.pushes.splice(at, 1)
      said.value = `已移除推送 ${at + 1}，还有 ${draft.pushes.length} 个`
      await goTo(draft.pushes[Math.min(at, draft.pushes.length - 1)]!, 'input')
    },

    async move(push: PushDraft, steps: -1 | 1): Promise<void> {
      const from = place(push)
      draft.pushes.splice(from + steps, 0, ...draft.pushes.splice(from, 1))
      said.value = `推送 ${from + 1} 移到了第 ${from + steps + 1} 个，共 ${draft.pushes.length} 个`
      // The button that was pressed, or at the end of the way the one that leads back.
      const [same, back] = steps < 0 ? ['up', 'down'] : ['down', 'up']
      await goTo(push, `[data-move=${same}]:enabled`)
      if (!document.getElementById(cardId(push))?.contains(document.activeElement)) {
        await goTo(push, `[data-move=${back}]`)
      }
    },
  }
}
