import type { Ref } from 'vue'
import { onBeforeUnmount } from 'vue'
import type { NavigationGuard } from 'vue-router'
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router'
import { useSession } from '../../session.ts'
import { confirmed } from '../../ui/confirm.ts'

/** Asks before unsaved input is left behind, inside the console and when the tab is closed. */
export function useLeaveGuard(changed: Readonly<Ref<boolean>>): void {
  const session = useSession()

  const guard: NavigationGuard = (to) => {
    if (!changed.value) return true
    // A session that ended leads to the login page, which says that the draft waits, and back.
    if (session.over) return to.query.draft ? true : { ...to, query: { ...to.query, draft: 'kept' } }
    const text = '填写的内容还没有提交。离开后会作为草稿保存在这个浏览器里，下次打开时可以接着填写。'
    return confirmed('离开这个页面吗？', text, '离开', false)
  }
  onBeforeRouteLeave(guard)
  // From a copy to an empty form it is the same page with another query.
  onBeforeRouteUpdate(guard)

  const warn = (event: BeforeUnloadEvent) => {
    if (changed.value) event.preventDefault()
  }
  window.addEventListener('beforeunload', warn)
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))
}
