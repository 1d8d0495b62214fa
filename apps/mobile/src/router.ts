import { createRouter, createWebHistory } from 'vue-router'
import { beginFirstLogin } from './auth/login.ts'
import RefusedPage from './auth/RefusedPage.vue'
import HomePage from './tasks/HomePage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** What WeCom's own title bar shows. */
    title: string
  }
}

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: '/', name: 'home', component: HomePage, meta: { title: '企盟助手' } },
    { path: '/tasks', name: 'tasks', component: () => import('./tasks/TasksPage.vue'), meta: { title: '我的任务' } },
    {
      path: '/pushes/:pushId',
      name: 'push',
      component: () => import('./tasks/TaskDetailPage.vue'),
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
      component: RefusedPage,
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

// The page stays empty while it leaves for the login.
router.beforeEach((to) => to.name === 'refused' || !beginFirstLogin())

router.afterEach((to) => {
  document.title = to.meta.title
})
