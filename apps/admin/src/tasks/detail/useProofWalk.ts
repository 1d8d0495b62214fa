import { computed, type Reactive, watch } from 'vue'
import type { useDetailView } from './useDetailView.ts'
import type { useExecutions } from './useExecutions.ts'

type List = Pick<Reactive<ReturnType<typeof useExecutions>>, 'page' | 'view' | 'show'>

/** From one person's proofs to the next one's in the list, over the edges of its pages. */
export function useProofWalk(list: List, show: ReturnType<typeof useDetailView>['show']) {
  const rows = computed(() => list.page?.rows ?? [])
  const place = computed(() => rows.value.findIndex(({ userid }) => userid === list.view.proof))
  /** Which end of the page that is being fetched comes next. */
  let entering: 1 | -1 | undefined

  const pageBeyond = (steps: 1 | -1) => (steps === 1 ? list.page?.next : list.page?.previous) ?? undefined
  const can = (steps: 1 | -1) =>
    place.value >= 0 && (rows.value[place.value + steps] !== undefined || pageBeyond(steps) !== undefined)

  function step(steps: 1 | -1): void {
    if (!can(steps)) return
    const neighbour = rows.value[place.value + steps]
    entering = neighbour ? undefined : steps
    void show(neighbour ? { proof: neighbour.userid } : { cursor: pageBeyond(steps) })
  }
  watch(
    () => list.page?.place,
    () => {
      const first = entering === 1 ? rows.value[0] : rows.value.at(-1)
      if (entering !== undefined && first && list.view.proof) void show({ proof: first.userid })
      entering = undefined
    },
  )
  return { previous: computed(() => can(-1)), next: computed(() => can(1)), step }
}
