import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/**
 * A sheet whose being open is the address's hash: the phone's back gesture closes it, a reload keeps it, and the page's
 * JS-SDK signature, which ignores the hash, stays valid.
 */
export function useHashSheet(name: string): WritableComputedRef<boolean> {
  const route = useRoute()
  const router = useRouter()
  const hash = `#${name}`
  return computed({
    get: () => route.hash === hash,
    set: (open) => {
      if (open === (route.hash === hash)) return
      const { path, query } = route
      if (open) void router.push({ path, query, hash })
      else if (history.state?.back === router.resolve({ path, query }).fullPath) router.back()
      else void router.replace({ path, query })
    },
  })
}
