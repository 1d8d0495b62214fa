import { computed, reactive, watch } from 'vue'

/**
 * Chosen people, by userid: they stay chosen while the list under them is paged or filtered. Who leaves the list that is
 * being looked at has finished, and is no longer chosen.
 * @param place which page under which filter `shown` is
 */
export function useSelection(shown: () => string[], place: () => string) {
  const chosen = reactive(new Set<string>())
  watch([place, shown], ([here, now], [before, then]) => {
    if (here !== before) return
    for (const userid of then.filter((one) => !now.includes(one))) chosen.delete(userid)
  })
  const here = computed(() => shown().filter((userid) => chosen.has(userid)).length)
  return {
    chosen,
    all: computed(() => here.value > 0 && here.value === shown().length),
    some: computed(() => here.value > 0 && here.value < shown().length),
    set(userid: string, yes: boolean) {
      if (yes) chosen.add(userid)
      else chosen.delete(userid)
    },
    setAll(yes: boolean) {
      for (const userid of shown()) this.set(userid, yes)
    },
    /** Also people on other pages. */
    choose(userids: readonly string[]) {
      for (const userid of userids) chosen.add(userid)
    },
  }
}
