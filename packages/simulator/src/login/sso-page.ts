import { APP_NAME } from '../api/agents.ts'
import { html, page } from '../pages/html.ts'
import { personRow } from '../pages/person.ts'
import { COMPANY } from '../seed/departments.ts'
import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'

/** What the app sent along and must come back: kept in hidden fields. */
const KEPT = ['login_type', 'appid', 'agentid', 'redirect_uri', 'state', 'lang']

export function ssoPage(state: State, query: URLSearchParams, words: string, people: Person[]): string {
  const kept = KEPT.filter((name) => query.has(name)).map(
    (name) => html`<input type="hidden" name="${name}" value="${query.get(name)}" />`,
  )
  return page({
    title: '企业微信扫码登录',
    styles: ['base', 'people', 'sso'],
    scripts: ['live-search'],
    body: html`<main class="sso">
      <header class="sso-head">
        <img src="/__phone/assets/logo.svg" alt="" width="44" height="44" />
        <div>
          <h1>企业微信扫码登录</h1>
          <p>${COMPANY} · ${APP_NAME}</p>
        </div>
      </header>
      <p class="hint">这里是本机模拟的企业微信：选一位员工，就等于用他的手机扫码并确认登录。</p>
      <form class="search" method="get" role="search">
        ${kept}
        <input
          type="search"
          name="q"
          value="${words}"
          placeholder="搜索姓名或账号"
          aria-label="搜索姓名或账号"
          autocomplete="off"
          data-live-search
        />
      </form>
      <form action="/wwlogin/sso/confirm" method="get">
        ${kept}
        <ul class="people" data-live-list>
          ${people.map((person) =>
            personRow(
              state,
              person,
              html`<button
                class="person-name"
                name="userid"
                value="${person.userid}"
                aria-describedby="about-${person.number}"
              >
                ${person.name}
              </button>`,
              html`<span class="person-id">${person.userid}</span>`,
            ),
          )}
          ${people.length === 0 && html`<li class="nobody">没有找到「${words}」，换个姓名或账号试试。</li>`}
        </ul>
      </form>
      <form action="/wwlogin/sso/refuse" method="get" class="sso-foot">
        ${kept}
        <button class="button plain">拒绝登录</button>
      </form>
    </main>`,
  })
}
