import { APP_NAME } from '../api/agents.ts'
import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { avatar } from '../pages/avatar.ts'
import { ASSETS, html, type Html } from '../pages/html.ts'
import { messageSummary, messageView } from './card.ts'
import { countUnread, readInbox, type Received } from './inbox.ts'
import { phonePage } from './layout.ts'
import { fullTime, shortTime } from './time.ts'
import { canWrite, readWritten, type Written } from './written.ts'

/** The chat list. This WeCom has one app, so it has one conversation. */
export function messagesPage(state: State, person: Person): string {
  const last = readInbox(state, person.userid, 1)[0]
  const unread = countUnread(state, person.userid)
  const row =
    last &&
    html`<a class="row" href="/__phone/messages/assistant">
      <span class="row-icon"
        ><img
          src="${ASSETS}/app-logo.svg"
          alt=""
          width="44"
          height="44"
        />${unread > 0 && html`<i class="badge" aria-hidden="true">${unread > 99 ? '99+' : unread}</i>`}</span
      >
      <span class="row-text"
        ><b>${APP_NAME}${unread > 0 && html`<span class="visually-hidden">${unread} 条未读</span>`}</b
        ><small>${messageSummary(last)}</small></span
      >
      <time>${shortTime(last.at, state.now())}</time>
    </a>`
  const empty = html`<div class="empty">
    <p>还没有消息</p>
    <small>管理后台下达推送后，${APP_NAME}的任务卡片会出现在这里。</small>
  </div>`
  return phonePage(state, person, { title: '消息', tab: 'messages', content: row ?? empty })
}

export function conversationPage(state: State, person: Person): string {
  const lines = [
    ...readInbox(state, person.userid).map((message) => ({ at: message.at, view: fromApp(state, message) })),
    ...readWritten(state, person).map((written) => ({ at: written.at, view: fromPerson(person, written) })),
  ].sort((a, b) => a.at - b.at)
  return phonePage(state, person, {
    title: APP_NAME,
    back: '/__phone/messages',
    content: html`<div class="conversation" data-scroll-end>
      ${lines.map(({ view }) => view)}${lines.length === 0 && html`<div class="empty"><p>还没有消息</p></div>`}
    </div>`,
    ...(canWrite(state) && {
      footer: html`<form class="write-bar" data-write>
        <input
          name="content"
          aria-label="写给${APP_NAME}"
          placeholder="写给${APP_NAME}"
          autocomplete="off"
          maxlength="500"
        />
        <button>发送</button>
      </form>`,
    }),
  })
}

const fromApp = (state: State, message: Received): Html =>
  html`<div class="message">
    <time>${fullTime(message.at)}</time>
    <div class="message-body">
      <img src="${ASSETS}/app-logo.svg" alt="" width="36" height="36" />${messageView(state, message)}
    </div>
  </div>`

const fromPerson = (person: Person, { at, content }: Written): Html =>
  html`<div class="message">
    <time>${fullTime(at)}</time>
    <div class="message-body message-own">
      ${avatar(person)}
      <p class="bubble">${content}</p>
    </div>
  </div>`
