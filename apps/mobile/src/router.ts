import { createRouter, createWebHistory } from 'vue-router'
import { forgetAttempt } from './auth/login.ts'
import TaskDetailPage from './tasks/TaskDetailPage.vue'
import { say } from './ui/notice.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** What WeCom's own title bar shows. */
    title: string
  }
}

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: '/', name: 'home', component: () => import('./tasks/HomePage.vue'), meta: { title: '企盟助手' } },
    { path: '/tasks', name: 'tasks', component: () => import('./tasks/TasksPage.vue'), meta: { title: '我的任务' } },
    {
      path: '/pushes/:pushId',
      name: 'push',
      // The page of every card, and so the first one for most: it comes with the app and not after it.
      component: TaskDetailPage,
      props: true,
      meta: { title: '任务详情' },
    },
    {
      path: '/pushes/:pushId/proof',
      name: 'proof',
      component: () => import('./proofs/ProofPage.vue'),
      props: true,
      meta: { title: '上传发送凭证' },
    },
    {
      path: '/refused',
      name: 'refused',
      component: () => import('./auth/RefusedPage.vue'),
      props: ({ query }) => ({
        reason: String(query.reason ?? ''),
        ...(typeof query.return === 'string' ? { returnTo: query.return } : {}),
      }),
      meta: { title: '无法登录' },
    },
    {
      path: '/:rest(.*)*',
      component: () => import('./ui/NotFoundPage.vue'),
      meta: { title: '页面不存在' },
    },
  ],
  scrollBehavior: (to, from, saved) => {
    // A sheet is a change of the hash alone: the page under it stays where it is.
    if (to.path === from.path) return false
    return saved ?? { top: 0 }
  },
})

// WeCom's login leaves its own mark behind (WECOM.md 2.1).
router.beforeEach((to) => (to.hash === '#wechat_redirect' ? { ...to, hash: '', replace: true } : true))

// The login ended with a reason to show: coming back from there is no circle.
router.beforeEach((to) => {
  if (to.name === 'refused') forgetAttempt()
})

// A page's code did not load. Without a network what is on screen stays; when it fails again with one, the code is
// probably of an older release that is gone from the server, and only a whole new page helps.
let failed = ''
router.onError((_error, to) => {
  if (failed === to.fullPath && navigator.onLine) window.location.assign(router.resolve(to).href)
  failed = to.fullPath
  say('页面没有加载出来，请检查网络后重试')
})

router.afterEach((to) => {
  document.title = to.meta.title
})
