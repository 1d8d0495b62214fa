import { ref } from 'vue'

/** What a tap is waiting for, shown at once so that nobody taps again; empty when nothing is. */
export const waiting = ref('')

/** Shows the words until the work is done, however it ends. */
export async function whileWaiting<T>(words: string, work: () => Promise<T>): Promise<T> {
  waiting.value = words
  try {
    return await work()
  } finally {
    waiting.value = ''
  }
}
