import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { defineComponent, h } from 'vue'
import type { ConsoleCall } from '../api.ts'
import { callKey } from '../api.ts'
import type { Me } from '../session.ts'

/** What the server would answer, by route; a route that is not listed must not be called. */
export type Answers = Record<string, (input: Record<string, unknown>) => unknown>

/** A caller that answers from a list, in place of the network. */
export function answering(answers: Answers): ConsoleCall {
  const call = async (route: string, input: Record<string, unknown> = {}) => {
    const answer = answers[route]
    if (!answer) throw new Error(`nobody answers ${route}`)
    return answer(input)
  }
  return call as ConsoleCall
}

/** Runs a composable as a page does; `leave` takes the page away again. */
export function within<Result>(answers: Answers, setup: () => Result): { result: Result; leave: () => void } {
  let result!: Result
  const Page = defineComponent({
    setup() {
      result = setup()
      return () => h('div')
    },
  })
  const page = mount(Page, {
    global: { plugins: [createPinia()], provide: { [callKey as symbol]: answering(answers) } },
  })
  return { result, leave: () => page.unmount() }
}

export const zhangsan: Me = {
  userid: 'zhangsan',
  name: '张三',
  department: '市场部',
  limits: { executors: 100 },
  cardKind: 'textcard',
  now: 0,
}
