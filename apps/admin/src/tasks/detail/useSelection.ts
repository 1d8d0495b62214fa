import { computed, reactive } from 'vue'

/** Chosen people, by userid: they stay chosen while the list under them is refreshed or paged. */
export function useSelection(shown: () => string[]) {
  const chosen = reactive(new Set<string>())
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
  }
}
