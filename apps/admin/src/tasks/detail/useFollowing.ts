import { ApiError } from '@qimeng/contract/client'
import { onScopeDispose } from 'vue'

/**
 * Looks at something that goes on at the server, at once and then every so many ms, until nothing more is to come, the page is
 * left, or something else is followed.
 */
export function useFollowing(every: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let current: symbol | undefined
  function stop(): void {
    current = undefined
    clearTimeout(timer)
  }
  onScopeDispose(stop)

  /** @param take gets each answer; returns whether more is to come */
  function follow<Answer>(look: () => Promise<Answer>, take: (answer: Answer) => boolean): void {
    stop()
    const me = Symbol()
    current = me
    const ask = async (): Promise<void> => {
      let goOn: boolean
      try {
        const answer = await look()
        if (current !== me) return
        goOn = take(answer)
      } catch (error) {
        // An answer that did not come is asked for again; a refusal (session over, task deleted) will not change.
        goOn = !(error instanceof ApiError) || error.status === 0 || error.status >= 500
      }
      if (goOn && current === me) timer = setTimeout(() => void ask(), every)
    }
    void ask()
  }

  return { follow, stop }
}
