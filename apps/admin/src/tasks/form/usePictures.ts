import { ApiError } from '@qimeng/contract/client'
import { onScopeDispose, reactive, ref } from 'vue'
import { useCall } from '../../api.ts'
import type { Picture } from './draft.ts'
import { renewPicture } from './freshPictures.ts'
import { refusalOf } from './pictureFiles.ts'

/** Uploads at a time: more would only make each slower. */
const AT_ONCE = 2

/**
 * Pictures of one field, uploaded while one goes on typing.
 * @param pictures the field's pictures, in order
 */
export function usePictures(pictures: () => Picture[], most: number, purpose: 'content' | 'cover') {
  const call = useCall()
  const files = new Map<string, File>()
  const running = new Map<string, AbortController>()
  /** What was not taken at all, one sentence each. */
  const refusals = ref<string[]>([])

  function add(chosen: Iterable<File>): void {
    refusals.value = []
    for (const file of chosen) {
      const refusal = refusalOf(file, pictures().length, most)
      if (refusal) {
        refusals.value.push(refusal)
        continue
      }
      const picture = reactive<Picture>({
        key: crypto.randomUUID(),
        name: file.name,
        state: 'waiting',
        progress: 0,
        local: URL.createObjectURL(file),
        image: null,
        message: '',
      })
      files.set(picture.key, file)
      pictures().push(picture)
    }
    next()
  }

  function next(): void {
    for (const picture of pictures()) {
      if (running.size >= AT_ONCE) return
      if (picture.state === 'waiting') void upload(picture)
    }
  }

  async function upload(picture: Picture): Promise<void> {
    const aborter = new AbortController()
    running.set(picture.key, aborter)
    picture.state = 'uploading'
    picture.progress = 0
    picture.message = ''
    try {
      picture.image = await call('POST /api/console/images', {
        image: files.get(picture.key)!,
        query: { purpose },
        // A retry after an answer that never came finds the picture that is already there.
        idempotencyKey: picture.key,
        signal: aborter.signal,
        onProgress: (fraction) => (picture.progress = fraction),
      })
      picture.state = 'ready'
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      picture.state = [413, 415, 422].includes(error.status) ? 'refused' : 'failed'
      picture.message = `「${picture.name}」${error.issues[0]?.message ?? error.message}`
    } finally {
      running.delete(picture.key)
      next()
    }
  }

  function retry(picture: Picture): void {
    picture.state = 'waiting'
    next()
  }

  /** Tries once more to show a picture whose link did not work: it may have run out. */
  function renew(picture: Picture): void {
    if (picture.state === 'ready') void renewPicture(call, picture)
  }

  function remove(picture: Picture): void {
    const list = pictures()
    running.get(picture.key)?.abort()
    files.delete(picture.key)
    if (picture.local) URL.revokeObjectURL(picture.local)
    list.splice(
      list.findIndex(({ key }) => key === picture.key),
      1,
    )
    refusals.value = []
  }

  onScopeDispose(() => {
    running.forEach((aborter) => aborter.abort())
    for (const { local } of pictures()) if (local) URL.revokeObjectURL(local)
  })
  return { refusals, add, retry, renew, remove }
}
