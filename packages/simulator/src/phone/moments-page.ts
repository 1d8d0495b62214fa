import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { avatar } from '../pages/avatar.ts'
import { html, type Html } from '../pages/html.ts'
import { icon } from './icons.ts'
import { phonePage } from './layout.ts'
import { readMoments, type Moment } from './moments.ts'
import { fullTime } from './time.ts'

const KINDS = { wechat: '微信朋友圈', wecom: '企业微信朋友圈' }

/** What this person published: to WeChat Moments and to the company's customers. */
export function momentsPage(state: State, person: Person, kind: Moment['kind'] | undefined): string {
  const moments = readMoments(state, person.userid).filter((moment) => !kind || moment.kind === kind)
  const filter = (value: string, label: string) =>
    html`<a
      href="/__phone/moments${value && `?kind=${value}`}"
      aria-current="${(kind ?? '') === value ? 'page' : 'false'}"
      >${label}</a
    >`
  return phonePage(state, person, {
    title: '朋友圈',
    tab: 'moments',
    actions: html`<button data-compose="wechat">${icon('camera')}发表</button>`,
    content: html`
      <nav class="segments" aria-label="朋友圈">
        ${filter('', '全部')}${filter('wechat', '微信')}${filter('wecom', '企业微信')}
      </nav>
      <div class="feed">${moments.map((moment) => momentView(person, moment))}</div>
      ${
        moments.length === 0 &&
        html`<div class="empty">
          <p>还没有发表过朋友圈</p>
          <small>点右上角「发表」，粘贴文案、选好图片就能发。</small>
        </div>`
      }
    `,
  })
}

const momentView = (person: Person, moment: Moment): Html =>
  html`<article class="moment">
    ${avatar(person)}
    <div class="moment-body">
      <h2>${person.name}</h2>
      ${moment.text && html`<p class="moment-text">${moment.text}</p>`}
      ${
        moment.pictures.length > 0 &&
        html`<div class="nine nine-${moment.pictures.length}">
          ${moment.pictures.map(
            (id, i) =>
              html`<button data-view="/__phone/pictures/${id}" aria-label="查看第 ${i + 1} 张图片">
                <img src="/__phone/pictures/${id}" alt="" />
              </button>`,
          )}
        </div>`
      }
      ${
        moment.link &&
        html`<a class="moment-link" href="/__phone/browser?url=${encodeURIComponent(moment.link.url)}">
          ${moment.link.cover ? html`<img src="/__phone/pictures/${moment.link.cover}" alt="" />` : html`<i>${icon('link')}</i>`}
          <span>${moment.link.title}</span>
        </a>`
      }
      <footer>
        <span>${fullTime(moment.at)}</span><span class="kind kind-${moment.kind}">${KINDS[moment.kind]}</span>
        <button data-screenshot="${moment.id}">${icon('camera')}截屏</button>
      </footer>
    </div>
  </article>`
