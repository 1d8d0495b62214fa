import type { ImageView } from '@qimeng/contract'
import { ApiError } from '@qimeng/contract/client'
import { LIMITS } from '@qimeng/contract/limits'
import { computed, reactive } from 'vue'
import type { ProofDraft } from './draft.ts'

/** Two at a time: a mobile line is no faster with more, and the first are ready sooner. */
const UPLOADS_AT_ONCE = 2
/** Characters of each picture's key in the submission's, which the server takes up to 100 long. */
const KEY_SHARE = 11

export type PhotoState = 'preparing' | 'waiting' | 'uploading' | 'done' | 'failed'

export interface Photo {
  id: number
  /** An object URL; empty until the picture is shrunk. */
  preview: string
  state: PhotoState
  /** 0–1 */
  progress: number
  problem: string
  /** False for a picture this phone cannot read: only removing it helps. */
  retryable: boolean
  image: ImageView | null
}

interface Entry {
  photo: Photo
  digest: string
  uploadKey: string
  blob: Blob | null
  /** The network failed it, and not the server: worth another try when the phone is back. */
  interrupted: boolean
  abort: AbortController
}

export interface QueueParts {
  shrink: (file: Blob) => Promise<Blob>
  digestOf: (file: File) => Promise<string>
  upload: (
    blob: Blob,
    options: { onProgress: (fraction: number) => void; signal: AbortSignal; idempotencyKey: string },
  ) => Promise<ImageView>
  newKey: () => string
  draft: ProofDraft
  /** Hears of pictures that were not taken: the same twice, or too many. */
  say: (message: string) => void
}

/** The pictures of a proof on their way: shrink → wait → upload, each by itself, removable and repeatable. */
export function createProofQueue({ shrink, digestOf, upload, newKey, draft, say }: QueueParts) {
  const entries: Entry[] = []
  const photos = reactive<Photo[]>([])
  let nextId = 1
  /** How often the person has come back to the page. */
  let returns = 0
  let preparing: Promise<unknown> = Promise.resolve()

  const room = computed(() => LIMITS.proofImages - photos.length)
  const ready = computed(() => photos.length > 0 && photos.every((photo) => photo.state === 'done'))

  function enter(digest: string, uploadKey: string, blob: Blob | null, image: ImageView | null): Entry {
    photos.push({
      id: nextId++,
      preview: blob ? URL.createObjectURL(blob) : '',
      state: image ? 'done' : blob ? 'waiting' : 'preparing',
      progress: image ? 1 : 0,
      problem: '',
      retryable: true,
      image,
    })
    // The reactive one, so that changes to it are seen.
    const entry = { photo: photos.at(-1)!, digest, uploadKey, blob, interrupted: false, abort: new AbortController() }
    entries.push(entry)
    return entry
  }

  async function add(files: readonly File[]): Promise<void> {
    let repeated = 0
    let tooMany = 0
    const digests = await Promise.all(files.map((file) => digestOf(file).catch(() => newKey())))
    for (const [index, file] of files.entries()) {
      const digest = digests[index]!
      if (entries.some((entry) => entry.digest === digest)) repeated++
      else if (room.value <= 0) tooMany++
      else {
        const entry = enter(digest, newKey(), null, null)
        // One after another: nine large pictures decoded at once can end a phone's web view.
        preparing = preparing.then(() => prepare(entry, file))
      }
    }
    if (repeated) say(`已经选过${repeated > 1 ? `其中 ${repeated} 张` : '这张'}图片了，没有重复添加`)
    if (tooMany) say(`最多上传 ${LIMITS.proofImages} 张，多出的 ${tooMany} 张没有添加`)
  }

  async function prepare(entry: Entry, file: File): Promise<void> {
    if (!entries.includes(entry)) return
    try {
      entry.blob = await shrink(file)
      if (!entries.includes(entry)) return
      entry.photo.preview = URL.createObjectURL(entry.blob)
      entry.photo.state = 'waiting'
      void save()
      pump()
    } catch (error) {
      fail(entry, error instanceof Error ? error.message : '这张图片无法读取', false)
    }
  }

  function pump(): void {
    const free = UPLOADS_AT_ONCE - photos.filter((photo) => photo.state === 'uploading').length
    const waiting = entries.filter((entry) => entry.photo.state === 'waiting')
    for (const entry of waiting.slice(0, Math.max(0, free))) void send(entry)
  }

  async function send(entry: Entry): Promise<void> {
    const { photo } = entry
    Object.assign(photo, { state: 'uploading', progress: 0, problem: '' })
    const began = returns
    try {
      photo.image = await upload(entry.blob!, {
        onProgress: (fraction) => (photo.progress = fraction),
        signal: entry.abort.signal,
        idempotencyKey: entry.uploadKey,
      })
      Object.assign(photo, { state: 'done', progress: 1 })
      void save()
    } catch (error) {
      if (entries.includes(entry)) refuse(entry, error)
      // Cut off in the background: a frozen page hears of it only after it was told that it is back.
      if (entry.interrupted && began !== returns) retry(photo.id)
    }
    pump()
  }

  function refuse(entry: Entry, error: unknown): void {
    const problem = error instanceof ApiError ? error.message : '上传失败'
    // The server will say the same again about these bytes.
    const hopeless = error instanceof ApiError && (error.code === 'unsupported_media' || error.code === 'too_large')
    entry.interrupted = error instanceof ApiError && error.code === 'network'
    fail(entry, problem, !hopeless)
  }

  const fail = ({ photo }: Entry, problem: string, retryable: boolean) =>
    Object.assign(photo, { state: 'failed', problem, retryable })

  function retry(id: number): void {
    const entry = entries.find(({ photo }) => photo.id === id)
    if (!entry || entry.photo.state !== 'failed' || !entry.photo.retryable) return
    entry.photo.state = 'waiting'
    pump()
  }

  /** Goes on with what the network interrupted, as it does for every page in the background. */
  function resume(): void {
    returns += 1
    for (const { photo, interrupted } of entries) if (interrupted) retry(photo.id)
  }

  function remove(id: number): void {
    const index = entries.findIndex(({ photo }) => photo.id === id)
    const [entry] = index < 0 ? [] : entries.splice(index, 1)
    if (!entry) return
    photos.splice(index, 1)
    entry.abort.abort()
    if (entry.photo.preview) URL.revokeObjectURL(entry.photo.preview)
    void save()
    pump()
  }

  let saidFull = false
  async function save(): Promise<void> {
    const saved = await draft.save(
      entries.flatMap(({ photo, digest, uploadKey, blob }) =>
        // A plain copy: IndexedDB cannot store a reactive object.
        blob ? [{ digest, uploadKey, blob, image: photo.image ? { ...photo.image } : null }] : [],
      ),
    )
    if (saved || saidFull) return
    saidFull = true
    say('手机存储空间不足，关闭页面后需要重新选择截图')
  }

  async function restore(): Promise<void> {
    for (const { digest, uploadKey, blob, image } of await draft.load()) {
      if (room.value > 0 && !entries.some((entry) => entry.digest === digest)) enter(digest, uploadKey, blob, image)
    }
    pump()
  }

  /**
   * What to submit. The key follows from the pictures: the same ones make one proof however often they are submitted,
   * even when the page was reloaded in between.
   */
  const submission = () => ({
    images: photos.flatMap(({ image }) => image?.id ?? []),
    idempotencyKey: entries.map(({ uploadKey }) => uploadKey.slice(0, KEY_SHARE)).join(''),
  })

  const forget = () => draft.save([])

  /** Stops what is under way and frees the pictures' memory; the draft stays. */
  function close(): void {
    for (const { photo, abort } of entries.splice(0)) {
      abort.abort()
      if (photo.preview) URL.revokeObjectURL(photo.preview)
    }
  }

  return { photos, room, ready, add, retry, resume, remove, restore, submission, forget, close }
}

export type ProofQueue = ReturnType<typeof createProofQueue>
