import { phoneOrigin } from '../phone/hosts.ts'
import { COMPANY } from '../seed/departments.ts'
import { countPeople, searchPeople, type Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { ASSETS, html, page } from './html.ts'
import { personRow } from './person.ts'

const LISTED = 60

/** The simulator's front page: everybody's phone, those with unread messages first. */
export function indexPage(state: State, words: string): string {
  const unread = unreadCounts(state)
  const found = words ? searchPeople(state, words, LISTED) : firstPeople(state, unread)
  return page({
    title: `${COMPANY}的手机 · 企业微信模拟器`,
    styles: ['base', 'people', 'index'],
    scripts: ['live-search'],
    body: html`<main class="index">
      <header class="index-head">
        <img src="${ASSETS}/logo.svg" alt="" width="48" height="48" />
        <div>
          <h1>${COMPANY}的手机</h1>
          <p>
            本机模拟的企业微信，共 ${countPeople(state)}
            位员工。点开一台手机，就能像那位员工一样收卡片、发朋友圈、传截图。
          </p>
        </div>
        <a class="button" href="${state.appUrl}/admin/">打开管理后台</a>
      </header>
      <form class="search" method="get" role="search">
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
      <ul class="people phones" data-live-list>
        ${found.map((person) =>
          personRow(
            state,
            person,
            html`<a
              class="person-name"
              href="${phoneOrigin(state, person)}/__phone/"
              aria-describedby="about-${person.number}"
              >${person.name}</a
            >`,
            unread.has(person.userid) && html`<i class="unread">${unread.get(person.userid)} 条未读</i>`,
          ),
        )}
        ${found.length === 0 && html`<li class="nobody">没有找到「${words}」，换个姓名或账号试试。</li>`}
      </ul>
      ${!words && countPeople(state) > LISTED && html`<p class="index-foot">这里列出前 ${LISTED} 位，其余的请搜索。</p>`}
    </main>`,
  })
}

function unreadCounts(state: State): Map<string, number> {
  const rows = state
    .sql<[], { userid: string; n: number }>(
      `SELECT people.userid, count(*) n FROM deliveries JOIN people USING (userid) WHERE read = 0 GROUP BY people.userid`,
    )
    .all()
  return new Map(rows.map(({ userid, n }) => [userid, n]))
}

function firstPeople(state: State, unread: Map<string, number>): Person[] {
  const first = state.sql<[number], Person>('SELECT * FROM people ORDER BY number LIMIT ?').all(LISTED)
  const waiting = state
    .sql<[number], Person>(
      `SELECT * FROM people WHERE userid IN (SELECT userid FROM deliveries WHERE read = 0) ORDER BY number LIMIT ?`,
    )
    .all(LISTED)
  return [...waiting, ...first.filter((person) => !unread.has(person.userid))].slice(0, LISTED)
}
