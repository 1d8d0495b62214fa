import { html, page, type Html } from './html.ts'

/** A page with one message, as WeCom's own error pages are. */
export const noticePage = (title: string, text: string, action?: Html): string =>
  page({
    title,
    styles: ['base', 'notice'],
    body: html`<main class="notice">
      <div class="notice-sign" aria-hidden="true">!</div>
      <h1>${title}</h1>
      <p>${text}</p>
      ${action}
    </main>`,
  })
