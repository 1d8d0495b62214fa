import { ref, watch } from 'vue'

/** How the employee's phone is set: WeChat and WeCom follow it. */
export type Look = 'light' | 'dark'

const KEY = 'qimeng-moments:preview-look'

/**
 * The look of the phone in the preview, remembered in this browser. The console itself stays as it is.
 * @param storage where storage is forbidden, already asking for it throws
 */
export function useLook(storage: () => Storage = () => localStorage) {
  const look = ref<Look>(recall(storage))
  watch(look, (chosen) => {
    try {
      storage().setItem(KEY, chosen)
    } catch {
      // A browser without storage: the switch works, only until the next visit.
    }
  })
  return look
}

function recall(storage: () => Storage): Look {
  try {
    return storage().getItem(KEY) === 'dark' ? 'dark' : 'light'
  } catch {
    return 'light'
  }
}
