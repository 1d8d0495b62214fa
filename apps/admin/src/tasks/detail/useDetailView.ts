import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { DetailView } from './detailUrl.ts'
import { readView, writeView } from './detailUrl.ts'

/** What the address of the detail page says, and how to change it. */
export function useDetailView() {
  const route = useRoute()
  const router = useRouter()
  const view = computed(() => readView(route.query))
  const place = (change: Partial<DetailView>) => ({ query: writeView({ ...view.value, ...change }) })
  const show = (change: Partial<DetailView>) => router.replace(place(change))

  /** A page of its own in the browser's history: Back closes the screenshots. */
  const openProof = (userid: string) => router.push(place({ proof: userid }))
  function closeProof(): void {
    const list = place({ proof: undefined })
    // Opened here, or by a link to the open viewer; the router notes in the history where it came from.
    if (window.history.state?.back === router.resolve(list).fullPath) router.back()
    else void router.replace(list)
  }
  return { view, show, openProof, closeProof }
}
