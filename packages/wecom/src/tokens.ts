export interface Token {
  value: string
  /** Epoch milliseconds after which it is not used any more. */
  expiresAt: number
}

/** Shared by all processes of an installation: WeCom throttles those who fetch tokens often (WECOM.md 1.1). */
export interface TokenStore {
  read(name: string): Promise<Token | undefined>
  write(name: string, token: Token): Promise<void>
  /** Forgets a token that WeCom refused, unless another process has already put a new one in its place. */
  invalidate(name: string, value: string): Promise<void>
  /** Does the work when no other process is at it under this name; whoever waited finds what the one before him wrote. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** A store for one process. */
export function memoryTokenStore(): TokenStore {
  const held = new Map<string, Token>()
  return {
    read: async (name) => held.get(name),
    write: async (name, token) => void held.set(name, token),
    invalidate: async (name, value) => {
      if (held.get(name)?.value === value) held.delete(name)
    },
    alone: (_name, work) => work(),
  }
}

/** WeCom's answers give a lifetime in seconds; we stop using a token after this share of it (clocks, calls under way). */
const USED_SHARE = 0.95

export type FetchToken = () => Promise<{ value: string; expiresIn: number }>

/**
 * Reads tokens through the store; when one is missing, one caller of all processes fetches it and the others wait. `anew`
 * fetches one in any case: a refusal leaves the one in the store as it is.
 */
export function tokenReader(store: TokenStore, now: () => number) {
  const fetching = new Map<string, Promise<string>>()

  const usable = async (name: string): Promise<string | undefined> => {
    const token = await store.read(name)
    return token && token.expiresAt > now() ? token.value : undefined
  }

  const renew = async (name: string, fetch: FetchToken, anew: boolean): Promise<string> => {
    // Somebody may have finished fetching between the caller's look and this one, here or in another process.
    const found = anew ? undefined : await usable(name)
    if (found !== undefined) return found
    const { value, expiresIn } = await fetch()
    await store.write(name, { value, expiresAt: now() + expiresIn * 1000 * USED_SHARE })
    return value
  }

  return async (name: string, fetch: FetchToken, { anew = false } = {}): Promise<string> => {
    const found = anew ? undefined : await usable(name)
    if (found !== undefined) return found
    // One that looks first is no proof.
    const wanted = `${name}${anew ? ' anew' : ''}`
    const underWay = fetching.get(wanted)
    if (underWay) return underWay
    const started = store.alone(name, () => renew(name, fetch, anew)).finally(() => fetching.delete(wanted))
    fetching.set(wanted, started)
    return started
  }
}
