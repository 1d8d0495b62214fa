import { describe, expect, it, vi } from 'vitest'
import { memoryTokenStore, tokenReader, type TokenStore } from './tokens.ts'

const fetchOnce = () => vi.fn(async () => ({ value: 'fresh', expiresIn: 7200 }))

describe('tokenReader', () => {
  it('looks again before it fetches, for a reader whose first look came back late', async () => {
    const store = memoryTokenStore()
    const late = Promise.withResolvers<void>()
    let reads = 0
    const slow: TokenStore = {
      ...store,
      read: async (name) => {
        const found = await store.read(name)
        if (++reads === 1) await late.promise
        return found
      },
    }
    const read = tokenReader(slow, () => 0)
    const fetch = fetchOnce()
    const slowReader = read('name', fetch)
    expect(await read('name', fetch)).toBe('fresh')
    late.resolve()
    expect(await slowReader).toBe('fresh')
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  it('lets all who waited know of a failure, and then begins anew', async () => {
    const read = tokenReader(memoryTokenStore(), () => 0)
    const failing = vi.fn(() => Promise.reject(new Error('down')))
    const outcomes = await Promise.allSettled([read('name', failing), read('name', failing)])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(failing).toHaveBeenCalledTimes(1)
    expect(await read('name', fetchOnce())).toBe('fresh')
  })

  it('keeps tokens of different names apart', async () => {
    const read = tokenReader(memoryTokenStore(), () => 0)
    const answers = await Promise.all(
      ['a', 'b'].map((name) => read(name, async () => ({ value: name, expiresIn: 60 }))),
    )
    expect(answers).toEqual(['a', 'b'])
  })

  it('fetches while no other process does, and takes what that one has fetched', async () => {
    const store = memoryTokenStore()
    const fetch = fetchOnce()
    const afterAnother: TokenStore = {
      ...store,
      alone: async (name, work) => {
        await store.write(name, { value: 'theirs', expiresAt: 1000 })
        return work()
      },
    }
    expect(await tokenReader(afterAnother, () => 0)('name', fetch)).toBe('theirs')
    expect(fetch).not.toHaveBeenCalled()
  })
})
