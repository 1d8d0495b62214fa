import { useQueryCache } from '@pinia/colada'
import { nextTick, onScopeDispose } from 'vue'

/** What holds links of pictures. */
const WITH_PICTURES = ['push', 'executions']

/**
 * Links end before a page that stays open asks again: a phone slept, or all that were out were ended (`cli renew-links`). A
 * picture that does not come is asked for once more, under the address it has now; when that fails too, its place says so.
 */
export function useFreshLinks(): void {
  const cache = useQueryCache()
  const tried = new WeakSet<HTMLImageElement>()
  let renewal: Promise<unknown> | undefined

  const renew = () => Promise.allSettled(WITH_PICTURES.map((name) => cache.invalidateQueries({ key: [name] })))

  async function onError({ target }: Event): Promise<void> {
    const picture = ofOurs(target)
    if (!picture) return
    if (tried.has(picture)) {
      picture.dataset['missing'] = ''
      return
    }
    tried.add(picture)
    const failed = picture.src
    // A page of pictures asks once, for all of them.
    renewal ??= renew().finally(() => (renewal = undefined))
    await renewal
    await nextTick()
    // The address was good, and the network was not.
    if (picture.src === failed) picture.src = failed
  }
  const onLoad = ({ target }: Event): void => {
    const picture = ofOurs(target)
    if (!picture) return
    tried.delete(picture)
    delete picture.dataset['missing']
  }

  // Neither event bubbles.
  document.addEventListener('error', onError, true)
  document.addEventListener('load', onLoad, true)
  onScopeDispose(() => {
    document.removeEventListener('error', onError, true)
    document.removeEventListener('load', onLoad, true)
  })
}

const ofOurs = (target: EventTarget | null): HTMLImageElement | undefined =>
  target instanceof HTMLImageElement && target.src.startsWith(`${location.origin}/files/images/`) ? target : undefined
