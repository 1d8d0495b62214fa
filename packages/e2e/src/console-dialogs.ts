import type { Locator, Page } from '@playwright/test'
import { type ConsoleState, detail, MISSED, PLANNED, RUNNING, UNREACHED } from './console-states.ts'
import { taskForm } from './task-form.ts'
import { aLink } from './tasks.ts'

/** A dialog of the console, where one opens it, and what with. */
export interface ConsoleDialog extends Pick<ConsoleState, 'name' | 'at' | 'answers' | 'act' | 'picture'> {
  opener: (page: Page) => Locator
  title: string | RegExp
}

const button = (name: string) => (page: Page) => page.getByRole('main').getByRole('button', { name }).first()
const inRow = (task: string, name: string) => (page: Page) =>
  page.getByRole('row').filter({ hasText: task }).first().getByRole('button', { name })

export const CONSOLE_DIALOGS: ConsoleDialog[] = [
  { name: 'list-delete', at: '/tasks', opener: inRow(PLANNED, '删除'), title: '删除任务' },
  { name: 'detail-delete', at: detail(PLANNED), opener: button('删除'), title: '删除任务' },
  { name: 'detail-cancel', at: detail(PLANNED), opener: button('取消推送'), title: '取消推送' },
  { name: 'detail-issue', at: detail(MISSED), opener: button('立即推送'), title: '立即推送' },
  { name: 'detail-remind', at: detail(RUNNING), opener: button('提醒员工执行'), title: '提醒员工执行' },
  { name: 'detail-resend', at: detail(UNREACHED), opener: button('重新发送'), title: /重新发送/ },
  {
    name: 'proofs',
    at: detail(RUNNING, 'done'),
    opener: inRow('2 张', '查看'),
    title: /^执行凭证 · /,
    picture: 'console-proofs',
  },
  { name: 'picker', at: '/tasks/new', opener: button('选择员工'), title: '选择执行员工' },
  {
    name: 'form-remove',
    at: `/tasks/new?from=「${PLANNED}」`,
    opener: (page) => taskForm(page).push(1).card.getByRole('button', { name: '移除', exact: true }),
    title: '移除推送',
  },
  {
    name: 'form-leave',
    at: '/tasks/new',
    act: (page) => taskForm(page).name.fill('没写完'),
    opener: button('取消'),
    title: '离开这个页面吗？',
  },
  {
    name: 'form-overwrite',
    at: '/tasks/new',
    answers: { 'POST /api/console/links/preview': { title: '网页的标题', description: '', cover: null } },
    async act(page) {
      const push = taskForm(page).push(1)
      await push.addLink(aLink({ title: '我的标题' }))
    },
    opener: button('获取标题和封面'),
    title: '覆盖已填写的标题和封面？',
  },
  {
    name: 'sessions',
    at: '/tasks',
    opener: (page) => page.getByRole('region', { name: '顶栏' }).getByRole('button', { name: /^张三/ }),
    title: '我的登录',
  },
  { name: 'settings-add', at: '/settings', opener: button('添加管理员'), title: '添加管理员' },
  { name: 'settings-remove', at: '/settings', opener: button('移除'), title: '移除管理员' },
  { name: 'settings-end-logins', at: '/settings', opener: button('强制退出'), title: '强制退出' },
]
