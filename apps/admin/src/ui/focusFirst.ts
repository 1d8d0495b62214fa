/**
 * For a dialog's `open-auto-focus`: focuses this instead. Element Plus says that it opens and then, a microtask later, focuses
 * the dialog itself, so whoever wants another place has to come after that.
 */
export const focusFirst = (place: () => { focus(): void } | undefined) => () => void setTimeout(() => place()?.focus())
