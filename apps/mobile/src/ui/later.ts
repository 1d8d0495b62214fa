import { type Component, defineAsyncComponent } from 'vue'
import { say } from './notice.ts'

const ATTEMPTS = 3
/** ms, longer after each attempt */
const PAUSE = 1000

/** A part of a page that is not needed to read it: loaded once the rest is drawn, again where the network fails. */
export const later = (load: () => Promise<Component | { default: Component }>) =>
  defineAsyncComponent({
    loader: load as () => Promise<Component>,
    onError(_error, retry, fail, attempts) {
      if (attempts < ATTEMPTS) return void setTimeout(retry, PAUSE * attempts)
      say('页面没有完全加载出来，请检查网络后刷新')
      fail()
    },
  })
