import { departmentLabel, type Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { avatar } from '../pages/avatar.ts'
import { html, page, type Html } from '../pages/html.ts'
import { icon } from './icons.ts'
import { countUnread } from './inbox.ts'
import { clockTime } from './time.ts'

export type Tab = 'messages' | 'workbench' | 'moments' | 'album' | 'me'

const TABS: [Tab, string][] = [
  ['messages', '消息'],
  ['workbench', '工作台'],
  ['moments', '朋友圈'],
  ['album', '相册'],
  ['me', '我'],
]

export interface Screen {
  title: string
  content: Html
  /** The tab bar, with this one lit; without it the screen is one level deeper and has `back`. */
  tab?: Tab
  back?: string
  actions?: Html
  /** Stays below the content, whatever is drawn anew there. */
  footer?: Html
  /** Replaces title bar and content as a whole: the in-app browser draws its own. */
  bare?: true
}

/** One screen of a phone: a handset on a desk, or the whole window where the window is a phone itself. */
export function phonePage(state: State, person: Person, screen: Screen): string {
  return page({
    title: `${screen.title} · ${person.name}的手机`,
    styles: ['base', 'phone', 'screens', 'overlays'],
    scripts: ['phone'],
    bodyClass: 'desk',
    body: html`
      ${aside(state, person)}
      <div class="handset">
        <div class="screen" data-now="${state.now()}">
          <div class="status-bar" aria-hidden="true">
            <span>${clockTime(state.now())}</span>
            <span class="status-icons">${icon('signal')}${icon('battery')}</span>
          </div>
          ${screen.bare ? screen.content : frame(state, person, screen)}
          <div id="overlays"></div>
        </div>
      </div>
    `,
  })
}

const aside = (state: State, person: Person) =>
  html`<aside class="beside">
    ${avatar(person)}
    <p class="beside-name">${person.name}</p>
    <p>${departmentLabel(state, person.number)}</p>
    <p>${person.position}</p>
    <a href="${state.url}/">所有手机</a>
  </aside>`

const frame = (state: State, person: Person, screen: Screen) => html`
  <header class="title-bar">
    ${screen.back && html`<a class="title-back" href="${screen.back}" aria-label="返回">${icon('back')}</a>`}
    <h1>${screen.title}</h1>
    <div class="title-actions">${screen.actions}</div>
  </header>
  <main class="content" data-live="content">${screen.content}</main>
  ${screen.footer} ${screen.tab && tabBar(state, person, screen.tab)}
`

function tabBar(state: State, person: Person, current: Tab): Html {
  const unread = countUnread(state, person.userid)
  return html`<nav class="tabs" aria-label="主导航" data-live="tabs">
    ${TABS.map(
      ([tab, label]) =>
        html`<a href="/__phone/${tab}" aria-current="${tab === current ? 'page' : 'false'}">
          ${icon(tab)}<span>${label}</span>
          ${tab === 'messages' && unread > 0 && html`<i class="badge" aria-label="${unread} 条未读">${unread > 99 ? '99+' : unread}</i>`}
        </a>`,
    )}
  </nav>`
}
