import type { Page } from '@playwright/test'
import { type Answers, FAILS, lengthened, NEVER } from './answers.ts'
import { everyMessage } from './every-message.ts'
import { aPicture } from './pictures.ts'
import { taskForm } from './task-form.ts'

/** A page of the console as somebody may find it. */
export interface ConsoleState {
  name: string
  /** Under /admin; a 「…」 in it stands for the id of that task of the demo's. */
  at: string
  answers?: Answers
  /** What one does there to bring it about. */
  act?: (page: Page) => Promise<unknown>
  /** What is meant to go wrong there, beside the answers that fail. */
  expects?: RegExp
  /** Words by which one sees that it has come about; of a loading page, the name of what stands in for it. */
  shows: string | RegExp
  loading?: true
  /** The picture of it in README and docs. */
  picture?: string
}

/** Tasks of the demo's past. */
export const RUNNING = '双十二新品上市'
export const PLANNED = '圣诞限定礼盒'
export const MISSED = '周末快闪店打卡'
export const UNREACHED = '企业微信客户回访周'

export const detail = (task: string, list?: 'done') => `/tasks/「${task}」${list ? `?list=${list}` : ''}`
const LOADING = { shows: /^正在/, loading: true } as const
const ERROR = { shows: '没能加载出来' }
/** How the page of a login that failed is answered. */
const NO_LOGIN = /403.*\/login/
const none = { rows: [], total: 0, next: null, previous: null }

const press = (name: string) => (page: Page) => page.getByRole('main').getByRole('button', { name }).first().click()

export const CONSOLE_STATES: ConsoleState[] = [
  { name: 'login', at: '/login', shows: '仅限管理员名单中的成员登录' },
  {
    name: 'login-refused',
    at: '/login?error=not_admin&name=李四&ask=林建国、张三',
    expects: NO_LOGIN,
    shows: '李四还不是管理员',
  },
  { name: 'login-lapsed', at: '/login?error=expired', expects: NO_LOGIN, shows: '请重新登录' },
  { name: 'shell-loading', at: '/messages', answers: { 'GET /api/console/session': NEVER }, ...LOADING },
  { name: 'shell-error', at: '/messages', answers: { 'GET /api/console/session': FAILS }, ...ERROR },
  { name: 'not-found', at: '/nowhere', shows: '页面不存在' },

  { name: 'list', at: '/tasks', shows: RUNNING, picture: 'console-list' },
  { name: 'list-nothing-found', at: '/tasks?keyword=没有这样的任务', shows: '没有符合条件的任务' },
  { name: 'list-empty', at: '/tasks', answers: { 'GET /api/console/tasks': none }, shows: '还没有任务' },
  { name: 'list-loading', at: '/tasks', answers: { 'GET /api/console/tasks': NEVER }, ...LOADING },
  { name: 'list-error', at: '/tasks', answers: { 'GET /api/console/tasks': FAILS }, ...ERROR },
  { name: 'list-long', at: '/tasks', answers: { 'GET /api/console/tasks': lengthened }, shows: /^二〇二六冬季/ },

  { name: 'detail-pending', at: detail(RUNNING), shows: '新品九宫格' },
  { name: 'detail-done', at: detail(RUNNING, 'done'), shows: /^\d 张$/, picture: 'console-detail' },
  { name: 'detail-nobody-found', at: `/tasks/「${RUNNING}」?keyword=没有这个人`, shows: '没有符合条件的员工' },
  { name: 'detail-unreached', at: detail(UNREACHED), shows: '未送达' },
  { name: 'detail-planned', at: detail(PLANNED), shows: '计划执行的员工' },
  { name: 'detail-missed', at: detail(MISSED), shows: '立即推送' },
  { name: 'detail-not-found', at: '/tasks/nowhere', expects: /404.*nowhere/, shows: '任务不存在' },
  { name: 'detail-loading', at: detail(RUNNING), answers: { 'GET /api/console/tasks/:taskId': NEVER }, ...LOADING },
  { name: 'detail-error', at: detail(RUNNING), answers: { 'GET /api/console/tasks/:taskId': FAILS }, ...ERROR },
  {
    name: 'detail-people-error',
    at: detail(RUNNING),
    answers: { 'GET /api/console/pushes/:pushId/executions': FAILS },
    ...ERROR,
  },
  {
    name: 'detail-long',
    at: detail(UNREACHED),
    answers: {
      'GET /api/console/tasks/:taskId': lengthened,
      'GET /api/console/pushes/:pushId/executions': lengthened,
    },
    shows: /invaliduser/,
  },

  { name: 'form-refused', at: '/tasks/new', act: press('确定'), shows: '有 5 处需要修改' },
  { name: 'form-filled', at: '/tasks/new', act: fillIn, shows: '会员积分双倍', picture: 'console-form' },
  { name: 'form-draft', at: '/tasks/new', act: comeBack, shows: '已恢复上次没有提交的内容。' },
  { name: 'form-emoji', at: '/tasks/new', act: press('微信表情'), shows: '😍' },
  {
    name: 'form-loading',
    at: `/tasks/「${PLANNED}」/edit`,
    answers: { 'GET /api/console/tasks/:taskId/form': NEVER },
    ...LOADING,
  },
  {
    name: 'form-error',
    at: `/tasks/「${PLANNED}」/edit`,
    answers: { 'GET /api/console/tasks/:taskId/form': FAILS },
    ...ERROR,
  },
  { name: 'form-edit', at: `/tasks/「${PLANNED}」/edit`, shows: '编辑任务' },

  { name: 'messages', at: '/messages', answers: { 'GET /api/console/messages': everyMessage }, shows: '排队中…' },
  {
    name: 'messages-long',
    at: '/messages',
    answers: { 'GET /api/console/messages': (real) => lengthened(everyMessage(real)) },
    shows: '排队中…',
  },
  { name: 'messages-empty', at: '/messages', answers: { 'GET /api/console/messages': none }, shows: '还没有消息' },
  { name: 'messages-loading', at: '/messages', answers: { 'GET /api/console/messages': NEVER }, ...LOADING },
  { name: 'messages-error', at: '/messages', answers: { 'GET /api/console/messages': FAILS }, ...ERROR },
  {
    name: 'messages-stale',
    at: '/messages',
    act: goOffline,
    expects: /ERR_INTERNET_DISCONNECTED/,
    shows: '暂时无法刷新',
  },

  { name: 'settings', at: '/settings', shows: '上次同步' },
  {
    name: 'settings-troubled',
    at: '/settings',
    answers: {
      'GET /api/console/jobs/failed': {
        jobs: [
          {
            id: '1',
            work: '生成导出文件',
            error:
              "ENOSPC: no space left on device, write '/var/lib/qimeng-moments/exports/01kadzz3k7m0pz2x8q9v5b6ntr.part'",
            failedAt: Date.UTC(2026, 10, 23, 1, 30),
          },
          { id: '2', work: '备份', error: 'EACCES: permission denied', failedAt: Date.UTC(2026, 10, 22, 19, 0) },
        ],
      },
      'GET /api/console/configuration': {
        checks: [
          { name: '应用凭证', ok: true, message: '可以取得访问凭证', cure: '' },
          {
            name: '可见范围',
            ok: false,
            message: '应用的可见范围是空的',
            cure: '在企业微信管理后台把执行员工加入应用的可见范围',
          },
        ],
      },
      'GET /api/console/directory': (real) => ({
        ...real,
        lastError: '企业微信拒绝了请求：not allow to access from your ip',
      }),
    },
    shows: '应用的可见范围是空的',
  },
  {
    name: 'settings-long',
    at: '/settings',
    answers: { 'GET /api/console/admins': lengthened, 'GET /api/console/configuration': lengthened },
    shows: /^阿卜杜热西提/,
  },
  {
    name: 'settings-loading',
    at: '/settings',
    answers: {
      'GET /api/console/admins': NEVER,
      'GET /api/console/directory': NEVER,
      'GET /api/console/configuration': NEVER,
    },
    ...LOADING,
  },
  {
    name: 'settings-error',
    at: '/settings',
    answers: {
      'GET /api/console/admins': FAILS,
      'GET /api/console/directory': FAILS,
      'GET /api/console/configuration': FAILS,
    },
    ...ERROR,
  },
]

const POSTERS = ['#b8442f', '#d08a2e', '#6b7f3a', '#2f7f78', '#3b5fa0', '#7a4a8c']

async function fillIn(page: Page): Promise<void> {
  const form = taskForm(page)
  await form.name.fill('年末会员回馈')
  await form.choosePeople({ 上海南京西路店: ['张三'] })
  const push = form.push(1)
  await push.name.fill('回馈海报')
  await push.text.fill('一年到头，谢谢你一直在[爱心]\n会员积分双倍，到店还有热红酒🍷')
  await push.addPictures(...(await Promise.all(POSTERS.map((colour, index) => aPicture(`海报${index}.jpg`, colour)))))
  await push.now()
  await push.pictures.getByRole('progressbar').first().waitFor({ state: 'detached' })
  await page.evaluate(() => scrollTo(0, 0))
}

async function goOffline(page: Page): Promise<void> {
  await page.getByRole('region', { name: '消息列表' }).getByRole('listitem').first().waitFor()
  await page.context().setOffline(true)
}

async function comeBack(page: Page): Promise<void> {
  const form = taskForm(page)
  await form.name.fill('年末会员回馈')
  await form.name.blur()
  page.once('dialog', (leave) => leave.accept())
  await page.reload()
}
