import { reactive } from 'vue'
import { keepFocus } from './keepFocus.ts'
import { showProblem } from './problems.ts'

/** Something a button starts: once at a time, and a failure is said. `run` gives undefined when it failed. */
export function useAction<Input extends unknown[], Result>(action: (...input: Input) => Promise<Result>) {
  const state = reactive({
    busy: false,
    async run(...input: Input): Promise<Result | undefined> {
      if (state.busy) return undefined
      const giveFocusBack = keepFocus()
      state.busy = true
      try {
        return await action(...input)
      } catch (error) {
        showProblem(error)
        return undefined
      } finally {
        state.busy = false
        await giveFocusBack()
      }
    },
  })
  return state
}
