import type { ImageView } from '@qimeng/contract'

/** A chosen picture as it survives a reload: shrunk, and with the server's answer once it is uploaded. */
export interface DraftPhoto {
  digest: string
  uploadKey: string
  blob: Blob
  image: ImageView | null
}

export interface ProofDraft {
  load: () => Promise<DraftPhoto[]>
  /** @returns false when the phone has no room for it */
  save: (photos: DraftPhoto[]) => Promise<boolean>
}

const STORE = 'drafts'
/** Pictures not attached to anything live 7 days on the server; a draft of 6 is surely usable. */
const KEPT_MS = 6 * 24 * 60 * 60 * 1000

interface Kept {
  savedAt: number
  photos: DraftPhoto[]
}

/**
 * The draft of one person's proof for one push, in IndexedDB. Where storage is off or full there is no draft, and
 * everything else goes on.
 */
export function proofDraft(userid: string, pushId: string): ProofDraft {
  const key = `${userid}/${pushId}`
  return {
    async load() {
      try {
        const kept = await withStore<Kept | undefined>('readonly', (store) => store.get(key))
        return kept && Date.now() - kept.savedAt < KEPT_MS ? kept.photos : []
      } catch {
        return []
      }
    },
    async save(photos) {
      try {
        await withStore('readwrite', (store) =>
          photos.length > 0 ? store.put({ savedAt: Date.now(), photos } satisfies Kept, key) : store.delete(key),
        )
        return true
      } catch (error) {
        return (error as Error | null)?.name !== 'QuotaExceededError'
      }
    },
  }
}

async function withStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const opening = indexedDB.open('qimeng-proofs', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
  const db = await answer<IDBDatabase>(opening)
  try {
    const transaction = db.transaction(STORE, mode)
    // A full phone is noticed when everything is written, after the request itself succeeded.
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'))
    })
    const [result] = await Promise.all([answer<T>(use(transaction.objectStore(STORE))), finished])
    return result
  } finally {
    db.close()
  }
}

const answer = <T>(request: IDBRequest): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
