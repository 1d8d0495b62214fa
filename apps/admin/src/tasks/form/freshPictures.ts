import { ApiError } from '@qimeng/contract/client'
import { HOUR } from '@qimeng/contract/time'
import { onBeforeUnmount } from 'vue'
import type { ConsoleCall } from '../../api.ts'
import { useCall } from '../../api.ts'
import type { Picture } from './draft.ts'

/** Links to pictures live for half a day at least (images/links.ts of the server): older ones are renewed in good time. */
const FRESH = 6 * HOUR

/** New links for a picture. One that nobody used lives a week, so a draft may be older: it is named then. */
export async function renewPicture(call: ConsoleCall, picture: Picture): Promise<void> {
  if (!picture.image) return
  try {
    picture.image = await call('GET /api/console/images/:imageId', { params: { imageId: picture.image.id } })
  } catch (error) {
    // Without an answer nothing is known: the next chance comes when one returns to the page.
    if (!(error instanceof ApiError) || error.status !== 404) return
    picture.state = 'gone'
    picture.message = `「${picture.name}」已过期，请移除后重新上传`
  }
}

/**
 * Keeps the links of a form's pictures good: a form may stay open for days.
 * @param old they come from a draft of some day: renew them at once
 */
export function useFreshPictures(pictures: () => Picture[], old: boolean): void {
  const call = useCall()
  let renewed = Date.now()

  function renewAll(): void {
    renewed = Date.now()
    for (const picture of pictures()) void renewPicture(call, picture)
  }
  function returned(): void {
    if (document.visibilityState === 'visible' && Date.now() - renewed > FRESH) renewAll()
  }

  if (old) renewAll()
  document.addEventListener('visibilitychange', returned)
  onBeforeUnmount(() => document.removeEventListener('visibilitychange', returned))
}
