import type { MyPush } from '@qimeng/contract'
import { createPinia, defineStore } from 'pinia'
import { Button, Cell, CellGroup, Popup, Tag } from 'vant'
import { createApp, defineComponent, h, ref } from 'vue'
import { createRouter, createWebHistory, RouterView, useRoute } from 'vue-router'

// The task's page with what one takes for it and nothing else: Vue, router, Pinia, five parts of Vant and a fetch. No axios, no
// JS-SDK, no icon font, no error and no other page.

const usePush = defineStore('push', () => {
  const push = ref<MyPush>()
  const load = async (id: string) => {
    push.value = (await (await fetch(`/api/me/pushes/${id}`)).json()) as MyPush
  }
  return { push, load }
})

const picture = (src: string, width: string) => h('img', { src, style: { width, aspectRatio: 1, objectFit: 'cover' } })

const TaskPage = defineComponent(() => {
  const store = usePush()
  void store.load(String(useRoute().params.pushId))
  const steps = ref(false)
  return () => {
    if (!store.push) return h('p', '…')
    const { pushName, taskName, hint, sendScope, state, text, images } = store.push
    return [
      h('h1', [pushName, h(Tag, () => state)]),
      h('p', taskName),
      h(CellGroup, { inset: true }, () => [
        h(Cell, { title: '发送范围', value: sendScope }),
        h(Cell, { title: '提示员工', value: hint }),
      ]),
      h('p', { style: { whiteSpace: 'pre-wrap' } }, text),
      ...(images.length === 1 ? [picture(images[0]!.screen, '68%')] : images.map(({ thumb }) => picture(thumb, '31%'))),
      h(
        Button,
        { block: true, round: true, type: 'primary', onClick: () => (steps.value = true) },
        () => '一键复制文案，前往发表',
      ),
      h(
        Popup,
        { show: steps.value, position: 'bottom', round: true, onClickOverlay: () => (steps.value = false) },
        () => h('ol', [h('li', '复制文案'), h('li', '打开微信'), h('li', '发表')]),
      ),
    ]
  }
})

createApp(RouterView)
  .use(createPinia())
  .use(createRouter({ history: createWebHistory(), routes: [{ path: '/pushes/:pushId', component: TaskPage }] }))
  .mount('#app')
