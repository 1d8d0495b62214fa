import { APP_NAME, homeUrl } from '../api/agents.ts'
import { COMPANY } from '../seed/departments.ts'
import { departmentLabel, inRange, visibleRange, type Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { avatar } from '../pages/avatar.ts'
import { ASSETS, html } from '../pages/html.ts'
import { readAlbum } from './album.ts'
import { readClipboard } from './clipboard.ts'
import { phoneOrigin } from './hosts.ts'
import { icon } from './icons.ts'
import { phonePage } from './layout.ts'
import { phoneOptions } from './options.ts'
import { toPhone } from './origin.ts'
import { fullTime } from './time.ts'

export function workbenchPage(state: State, person: Person): string {
  const visible = inRange(state, visibleRange(state), person)
  const entry = html`<a class="app" href="/__phone/browser?url=${encodeURIComponent(homeUrl(state))}">
    <img src="${ASSETS}/app-logo.svg" alt="" width="48" height="48" /><span>${APP_NAME}</span>
  </a>`
  return phonePage(state, person, {
    title: '工作台',
    tab: 'workbench',
    content: html`<section class="workbench">
      <p class="company">${COMPANY}</p>
      ${
        visible
          ? html`<div class="apps">${entry}</div>`
          : html`<div class="empty">
              <p>没有可用的应用</p>
              <small>${person.name}不在${APP_NAME}的可见范围里。</small>
            </div>`
      }
    </section>`,
  })
}

/** The in-app browser: the app's page in a frame of this phone's own origin, under WeCom's title bar. */
export function browserPage(state: State, person: Person, url: string): string {
  return phonePage(state, person, {
    title: APP_NAME,
    bare: true,
    content: html`
      <header class="title-bar browser-bar">
        <button class="title-back" data-browser="back" aria-label="返回">${icon('back')}</button>
        <button class="title-close" data-browser="close" aria-label="关闭">${icon('close')}</button>
        <h1 data-browser="title">正在打开…</h1>
        <div class="title-actions"><button data-browser="menu" aria-label="更多">${icon('more')}</button></div>
      </header>
      <iframe
        class="browser"
        title="${APP_NAME}"
        src="${toPhone(url, state, phoneOrigin(state, person))}"
        allow="clipboard-write; clipboard-read"
      ></iframe>
    `,
  })
}

export function albumPage(state: State, person: Person): string {
  const pictures = readAlbum(state, person.userid)
  return phonePage(state, person, {
    title: '相册',
    tab: 'album',
    actions: html`<button data-screenshot="latest">${icon('camera')}截屏</button>`,
    content: html`
      <p class="album-hint">
        「截屏」会把最近一条朋友圈拍成图片，存在这里。上传凭证时可以直接选它，也可以「下载」到电脑。
      </p>
      <ul class="album">
        ${pictures.map(
          (picture) =>
            html`<li>
              <button class="thumb" data-view="/__phone/pictures/${picture.id}" aria-label="查看 ${picture.name}">
                <img src="/__phone/pictures/${picture.id}" alt="${picture.name}" loading="lazy" />
              </button>
              <span class="thumb-foot">
                <time>${fullTime(picture.at)}</time>
                <a href="/__phone/pictures/${picture.id}" download="${picture.name}" aria-label="下载 ${picture.name}"
                  >下载</a
                >
              </span>
            </li>`,
        )}
      </ul>
      ${
        pictures.length === 0 &&
        html`<div class="empty">
          <p>相册是空的</p>
          <small>在图片查看器里点「保存图片」，图片会存到这里。</small>
        </div>`
      }
    `,
  })
}

/** Whose phone this is, what lies on its clipboard, and how its client behaves. */
export function mePage(state: State, person: Person): string {
  const clipboard = readClipboard(state, person.userid)
  const options = phoneOptions(state, person.userid)
  const choice = (name: string, value: string, label: string, current: string) =>
    html`<label
      ><input
        type="radio"
        name="${name}"
        value="${value}"
        ${value === current ? html`checked` : ''}
        data-option
      />${label}</label
    >`
  return phonePage(state, person, {
    title: '我',
    tab: 'me',
    content: html`
      <section class="profile">
        ${avatar(person)}
        <div><b>${person.name}</b><small>${departmentLabel(state, person.number)} · ${person.position}</small></div>
      </section>
      <section class="panel">
        <h2>剪贴板</h2>
        ${clipboard ? html`<pre class="clipboard">${clipboard}</pre>` : html`<p class="muted">剪贴板是空的</p>`}
      </section>
      <section class="panel">
        <h2>这台手机的客户端</h2>
        <div class="choices">
          ${choice('client', 'ios', 'iPhone', options.client)} ${choice('client', 'android', '安卓', options.client)}
        </div>
        <div class="choices">
          ${choice('bridge', 'normal', '新版企业微信', options.bridge)}
          ${choice('bridge', 'old', '旧版企业微信', options.bridge)}
          ${choice('bridge', 'browser', '普通浏览器', options.bridge)}
        </div>
        <div class="choices">
          ${choice('externalMoments', 'true', '可发企业微信朋友圈', String(options.externalMoments))}
          ${choice('externalMoments', 'false', '没有权限', String(options.externalMoments))}
        </div>
      </section>
      <p class="panel-foot"><a href="${state.url}/">所有手机</a></p>
    `,
  })
}
