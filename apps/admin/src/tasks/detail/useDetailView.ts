import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { DetailView } from './detailUrl.ts'
import { readView, writeView } from './detailUrl.ts'

/** What the address of the detail page says, and how to change it. */
export function useDetailView() {
  const route = useRoute()
  const router = useRouter()
  const view = computed(() => readView(route.query))
  const show = (change: Partial<DetailView>) => router.replace({ query: writeView({ ...view.value, ...change }) })
  return { view, show }
}
