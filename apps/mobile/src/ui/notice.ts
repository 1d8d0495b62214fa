import { ref } from 'vue'

const SHOWN_MS = 2400

/** The line that tells, for a moment, what just happened. */
export const notice = ref('')

let timer: ReturnType<typeof setTimeout> | undefined

export function say(message: string): void {
  notice.value = message
  clearTimeout(timer)
  timer = setTimeout(() => (notice.value = ''), SHOWN_MS)
}
