const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 }

/** The keys of a tab list, as a keydown handler of it: chooses the neighbour, round the ends, and takes the focus along. */
export function tabKeys<Key>(keys: () => readonly Key[], chosen: () => Key, choose: (key: Key) => void) {
  return (event: KeyboardEvent): void => {
    const steps = STEPS[event.key]
    if (steps === undefined) return
    event.preventDefault()
    const count = keys().length
    const next = (keys().indexOf(chosen()) + steps + count) % count
    choose(keys()[next]!)
    const tabs = (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role=tab]')
    tabs[next]?.focus()
  }
}
