import { noticeCard, textCard } from '../cards.ts'
import type { WecomClient } from '../client.ts'
import {
  getAgent,
  getDepartmentName,
  getTag,
  getUser,
  listDepartmentMembers,
  listDepartments,
  listDepartmentUsers,
} from '../contacts.ts'
import { agentTicket, corpTicket } from '../jsapi.ts'
import { uploadImageUrl, uploadMedia, uploadMomentsMedia } from '../media.ts'
import { freezeMessage, recallMessage, sendFrozenMessage, updateTemplateCard } from '../messages.ts'
import { exchangeCode } from '../oauth.ts'

/** One call as WECOM.md shows it: the request, WeCom's answer, and what the client makes of both. */
export interface WireExample {
  /** Of WECOM.md. */
  chapter: string
  method: 'GET' | 'POST'
  path: string
  /** Besides the access token. */
  query?: Record<string, string>
  /** JSON; absent for uploads, whose only field is the file. */
  body?: Record<string, unknown>
  upload?: true
  answer: Record<string, unknown>
  /** Fields of the answer that WeCom may leave out. */
  optional?: string[]
  ask: (client: WecomClient) => Promise<unknown>
  means: unknown
}

const ok = { errcode: 0, errmsg: 'ok' }
const agentid = 1000002
const CARD_URL = 'https://wb.example.com/m/task/42'

const textcard = {
  title: '朋友圈任务待发布',
  description: '<div class="gray">截止 18:00</div><div class="highlight">请尽快完成</div>',
  url: CARD_URL,
  btntxt: '去完成',
}

const buttonCard = {
  card_type: 'button_interaction',
  task_id: 'mt-42-b001-0',
  main_title: { title: '新品朋友圈', desc: '18:00 前完成' },
  horizontal_content_list: [{ keyname: '素材', value: '文案 1 条 / 图片 6 张' }],
  card_action: { type: 1, url: CARD_URL },
  button_list: [
    { text: '去发布', type: 1, url: CARD_URL, style: 1 },
    { text: '稍后提醒', key: 'later:42', style: 2 },
  ],
}

const noticeWithMenu = {
  card_type: 'text_notice',
  task_id: 'mt-43-b001-0',
  main_title: { title: '新品朋友圈', desc: '18:00 前完成' },
  horizontal_content_list: [{ keyname: '素材', value: '文案 1 条 / 图片 6 张' }],
  card_action: { type: 1, url: CARD_URL },
  action_menu: { desc: '更多', action_list: [{ text: '我已完成', key: 'finished' }] },
}

const plainNotice = {
  card_type: 'text_notice',
  main_title: { title: '已完成' },
  card_action: { type: 1, url: CARD_URL },
}

const sent = { msgId: 'MSGID', invalidUsers: new Set<string>(), unlicensedUsers: new Set<string>() }
const accepted = { ...ok, invaliduser: '', invalidparty: '', invalidtag: '', unlicenseduser: '', msgid: 'MSGID' }
const listFields = ['invaliduser', 'invalidparty', 'invalidtag', 'unlicenseduser']

/** The smallest picture there is: one pixel. */
export const PICTURE = {
  bytes: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  filename: 'a.png',
  contentType: 'image/png',
}
const CREATED = 1_700_000_000
const stored = { mediaId: 'MEDIA', expiresAt: (CREATED + 3 * 24 * 3600) * 1000 }

const zhangsan = {
  ...{ userid: 'zhangsan', name: '张三', departmentIds: [2], mainDepartmentId: 2, position: '店长' },
  active: true,
}

export const WIRE_EXAMPLES: Record<string, WireExample> = {
  'who has logged in': {
    ...{ chapter: '2.2', method: 'GET', path: 'auth/getuserinfo', query: { code: 'CODE' } },
    answer: { ...ok, userid: 'zhangsan', user_ticket: 'UT' },
    optional: ['user_ticket'],
    ask: (client) => exchangeCode(client, 'CODE'),
    means: { kind: 'member', userid: 'zhangsan' },
  },
  'somebody who is no member': {
    ...{ chapter: '2.2', method: 'GET', path: 'auth/getuserinfo', query: { code: 'CODE' } },
    answer: { ...ok, openid: 'OPENID', external_userid: 'wm1' },
    optional: ['external_userid'],
    ask: (client) => exchangeCode(client, 'CODE'),
    means: { kind: 'outsider', externalUserid: 'wm1' },
  },
  'a text card': {
    ...{ chapter: '3.1, 3.2', method: 'POST', path: 'message/send' },
    body: {
      ...{ touser: 'ghost1|zhangsan|ghost2', msgtype: 'textcard', textcard, agentid },
      ...{ enable_duplicate_check: 1, duplicate_check_interval: 14_400 },
    },
    answer: { ...accepted, invaliduser: 'ghost1|ghost2' },
    ask: (client) => {
      const lines = [
        { text: '截止 18:00', tone: 'gray' },
        { text: '请尽快完成', tone: 'highlight' },
      ] as const
      const card = textCard({ title: textcard.title, lines, url: CARD_URL, button: '去完成' })
      return sendFrozenMessage(client, freezeMessage(agentid, ['ghost1', 'zhangsan', 'ghost2'], card))
    },
    means: { ...sent, invalidUsers: new Set(['ghost1', 'ghost2']), responseCode: undefined },
  },
  'a template card with buttons': {
    ...{ chapter: '3.1, 3.3', method: 'POST', path: 'message/send' },
    body: { touser: 'zhangsan', msgtype: 'template_card', agentid, template_card: buttonCard },
    answer: { ...accepted, response_code: 'RC' },
    optional: listFields,
    ask: (client) =>
      sendFrozenMessage(
        client,
        JSON.stringify({ touser: 'zhangsan', msgtype: 'template_card', agentid, template_card: buttonCard }),
      ),
    means: { ...sent, responseCode: 'RC' },
  },
  'a text notice with a menu': {
    ...{ chapter: '3.1, 3.3', method: 'POST', path: 'message/send' },
    body: {
      ...{ touser: 'zhangsan', msgtype: 'template_card', template_card: noticeWithMenu, agentid },
      ...{ enable_duplicate_check: 1, duplicate_check_interval: 14_400 },
    },
    answer: { ...accepted, response_code: 'RC' },
    optional: listFields,
    ask: (client) => {
      const card = noticeCard({
        title: '新品朋友圈',
        subtitle: '18:00 前完成',
        facts: [{ name: '素材', value: '文案 1 条 / 图片 6 张' }],
        url: CARD_URL,
        taskId: 'mt-43-b001-0',
        menu: { hint: '更多', actions: [{ text: '我已完成', key: 'finished' }] },
      })
      return sendFrozenMessage(client, freezeMessage(agentid, ['zhangsan'], card))
    },
    means: { ...sent, responseCode: 'RC' },
  },
  'a card whose buttons are disabled': {
    ...{ chapter: '3.4', method: 'POST', path: 'message/update_template_card' },
    body: { userids: ['zhangsan'], agentid, response_code: 'RC', button: { replace_name: '已完成' } },
    answer: { ...ok, invaliduser: [] },
    optional: ['invaliduser'],
    ask: (client) => updateTemplateCard(client, { userIds: ['zhangsan'], responseCode: 'RC', replaceName: '已完成' }),
    means: undefined,
  },
  'a card that becomes another': {
    ...{ chapter: '3.4', method: 'POST', path: 'message/update_template_card' },
    body: { userids: ['zhangsan'], agentid, response_code: 'RC', template_card: plainNotice },
    answer: { ...ok, invaliduser: [] },
    optional: ['invaliduser'],
    ask: (client) => updateTemplateCard(client, { userIds: ['zhangsan'], responseCode: 'RC', card: plainNotice }),
    means: undefined,
  },
  'a message taken back': {
    ...{ chapter: '3.5', method: 'POST', path: 'message/recall', body: { msgid: 'MSGID' } },
    answer: ok,
    ask: (client) => recallMessage(client, 'MSGID'),
    means: undefined,
  },
  'the ticket of the corp': {
    ...{ chapter: '5.2', method: 'GET', path: 'get_jsapi_ticket' },
    answer: { ...ok, ticket: 'T', expires_in: 7200 },
    ask: corpTicket,
    means: 'T',
  },
  'the ticket of the app': {
    ...{ chapter: '5.2', method: 'GET', path: 'ticket/get', query: { type: 'agent_config' } },
    answer: { ...ok, ticket: 'T', expires_in: 7200 },
    ask: agentTicket,
    means: 'T',
  },
  'a picture for messages': {
    ...{ chapter: '6', method: 'POST', path: 'media/upload', query: { type: 'image' }, upload: true },
    // A string here, and a number from the other endpoint.
    answer: { ...ok, type: 'image', media_id: 'MEDIA', created_at: String(CREATED) },
    ask: (client) => uploadMedia(client, 'image', PICTURE),
    means: stored,
  },
  'a picture for Moments': {
    ...{ chapter: '6', method: 'POST', path: 'media/upload_attachment', upload: true },
    query: { media_type: 'image', attachment_type: '1' },
    answer: { ...ok, type: 'image', media_id: 'MEDIA', created_at: CREATED },
    ask: (client) => uploadMomentsMedia(client, 'image', PICTURE),
    means: stored,
  },
  'a lasting picture': {
    ...{ chapter: '6', method: 'POST', path: 'media/uploadimg', upload: true },
    answer: { ...ok, url: 'https://wework.qpic.cn/wwpic/1' },
    ask: (client) => uploadImageUrl(client, PICTURE),
    means: 'https://wework.qpic.cn/wwpic/1',
  },
  'the app and who sees it': {
    ...{ chapter: '8', method: 'GET', path: 'agent/get', query: { agentid: String(agentid) } },
    answer: {
      ...{ ...ok, agentid, name: '企盟助手', square_logo_url: 'https://wework.qpic.cn/logo', description: '…' },
      allow_userinfos: { user: [{ userid: 'zhangsan' }] },
      allow_partys: { partyid: [1] },
      allow_tags: { tagid: [3] },
      ...{ close: 0, redirect_domain: 'wb.example.com', report_location_flag: 0, isreportenter: 1 },
      home_url: 'https://wb.example.com/m',
    },
    ask: getAgent,
    means: {
      ...{ name: '企盟助手', closed: false, redirectDomain: 'wb.example.com', homeUrl: 'https://wb.example.com/m' },
      reportsEnter: true,
      visible: { userIds: ['zhangsan'], departmentIds: [1], tagIds: [3] },
    },
  },
  'the departments': {
    ...{ chapter: '8', method: 'GET', path: 'department/simplelist', query: { id: '2' } },
    answer: { ...ok, department_id: [{ id: 2, parentid: 1, order: 100 }] },
    ask: (client) => listDepartments(client, 2),
    means: [{ id: 2, parentId: 1, order: 100 }],
  },
  'a department': {
    ...{ chapter: '8', method: 'GET', path: 'department/get', query: { id: '2' } },
    answer: { ...ok, department: { id: 2, name: '华东大区', department_leader: [], parentid: 1, order: 100 } },
    ask: (client) => getDepartmentName(client, 2),
    means: '华东大区',
  },
  'the members of a department': {
    ...{ chapter: '8', method: 'GET', path: 'user/simplelist', query: { department_id: '2' } },
    answer: { ...ok, userlist: [{ userid: 'zhangsan', name: '张三', department: [2] }] },
    ask: (client) => listDepartmentUsers(client, 2),
    means: [{ userid: 'zhangsan', name: '张三', departmentIds: [2], active: true }],
  },
  'the members of a department with details': {
    ...{ chapter: '8', method: 'GET', path: 'user/list', query: { department_id: '2' } },
    answer: {
      ...ok,
      userlist: [
        { userid: 'zhangsan', name: '张三', department: [2], position: '店长', status: 1, main_department: 2 },
      ],
    },
    ask: (client) => listDepartmentMembers(client, 2),
    means: [zhangsan],
  },
  'a member': {
    ...{ chapter: '8', method: 'GET', path: 'user/get', query: { userid: 'zhangsan' } },
    answer: {
      ...ok,
      userid: 'zhangsan',
      name: '张三',
      department: [2],
      position: '店长',
      status: 1,
      main_department: 2,
    },
    ask: (client) => getUser(client, 'zhangsan'),
    means: zhangsan,
  },
  'a tag': {
    ...{ chapter: '8', method: 'GET', path: 'tag/get', query: { tagid: '1' } },
    answer: { ...ok, tagname: '导购', userlist: [{ userid: 'zhangsan', name: '张三' }], partylist: [2] },
    ask: (client) => getTag(client, 1),
    means: { userIds: ['zhangsan'], departmentIds: [2] },
  },
}
