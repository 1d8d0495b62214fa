import type { Router } from 'vue-router'
import { createRouter, createWebHistory } from 'vue-router'
import AppShell from './ui/AppShell.vue'

/** Pages are loaded when they are first visited. */
export function createConsoleRouter(): Router {
  const router = createRouter({
    history: createWebHistory(import.meta.env.BASE_URL),
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
    routes: [
      { path: '/login', name: 'login', component: () => import('./ui/LoginPage.vue'), meta: { title: '登录' } },
      {
        path: '/',
        component: AppShell,
        children: [
          { path: '', redirect: { name: 'tasks' } },
          {
            path: 'tasks',
            name: 'tasks',
            component: () => import('./tasks/list/TaskListPage.vue'),
            meta: { title: '朋友圈群发' },
          },
          {
            path: 'tasks/new',
            name: 'new-task',
            component: () => import('./tasks/form/TaskFormPage.vue'),
            // 「复制」: a new task that begins as this one.
            props: ({ query }) => ({ copyOf: typeof query.from === 'string' ? query.from : undefined }),
            meta: { title: '新建任务' },
          },
          {
            path: 'tasks/:taskId',
            name: 'task',
            component: () => import('./tasks/detail/TaskDetailPage.vue'),
            props: true,
            meta: { title: '任务详情' },
          },
          {
            path: 'tasks/:taskId/edit',
            name: 'edit-task',
            component: () => import('./tasks/form/TaskFormPage.vue'),
            props: true,
            meta: { title: '编辑任务' },
          },
          {
            path: 'messages',
            name: 'messages',
            component: () => import('./messages/MessagesPage.vue'),
            meta: { title: '消息' },
          },
          {
            path: 'settings',
            name: 'settings',
            component: () => import('./settings/SettingsPage.vue'),
            meta: { title: '设置' },
          },
          { path: ':rest(.*)*', component: () => import('./ui/NotFoundPage.vue'), meta: { title: '页面不存在' } },
        ],
      },
    ],
  })
  router.afterEach((to) => {
    document.title = `${String(to.meta.title)} · 企盟助手`
  })
  return router
}

/**
 * The login page, which afterwards leads back to where one is now.
 * @param lapsed the session ended in the middle of use: the page says so
 */
export async function toLogin(router: Router, lapsed: boolean): Promise<void> {
  const { name, fullPath } = router.currentRoute.value
  if (name === 'login') return
  // The address as the server knows it, base and all: it sends people here with the same parameter.
  const query = { return: router.resolve(fullPath).href, ...(lapsed ? { error: 'expired' } : {}) }
  await router.replace({ name: 'login', query })
}
