import type { PersonRef } from '@qimeng/contract'
import { computed, shallowRef, triggerRef } from 'vue'

/** The people chosen so far, of whom there may be many thousands: changed in place, and never copied one by one. */
export function useChosen(initial: readonly PersonRef[], most: number) {
  const byId = shallowRef(new Map(initial.map((person) => [person.userid, person])))
  const list = computed(() => [...byId.value.values()])
  const change = (work: (people: Map<string, PersonRef>) => void) => {
    work(byId.value)
    triggerRef(byId)
  }

  return {
    list,
    /** How many more may be chosen. */
    room: computed(() => most - byId.value.size),
    left: computed(() => list.value.filter(({ active }) => !active)),
    has: (userid: string) => byId.value.has(userid),
    /** How many of these are chosen. */
    among: (people: readonly PersonRef[]) => people.filter(({ userid }) => byId.value.has(userid)).length,
    /** Adds or takes away one person; nobody is added past the limit. */
    toggle(person: PersonRef): void {
      change((people) => {
        if (!people.delete(person.userid) && people.size < most) people.set(person.userid, person)
      })
    },
    /** Adds all of them or, past the limit, none: nobody shall wonder who was left out. */
    addAll(more: readonly PersonRef[]): boolean {
      const added = more.filter(({ userid }) => !byId.value.has(userid))
      if (byId.value.size + added.length > most) return false
      change((people) => added.forEach((person) => people.set(person.userid, person)))
      return true
    },
    removeAll(gone: readonly PersonRef[]): void {
      change((people) => gone.forEach(({ userid }) => people.delete(userid)))
    },
  }
}

export type Chosen = ReturnType<typeof useChosen>
