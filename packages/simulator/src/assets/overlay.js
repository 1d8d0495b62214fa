/** Builds an element: `element('button', { class: 'x', text: '好', onclick })`. */
export function element(tag, { text, children = [], ...attributes } = {}) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value)
  }
  if (text !== undefined) made.textContent = text
  made.append(...children)
  return made
}

const root = () => document.getElementById('overlays')

/** Shows something over the whole screen until `close` is called. */
export function overlay(className, label, children) {
  const before = document.activeElement
  const box = element('div', {
    class: `overlay ${className}`,
    role: 'dialog',
    'aria-modal': 'true',
    'aria-label': label,
    tabindex: '-1',
  })
  box.append(...children)
  root().append(box)
  box.focus()
  return {
    box,
    close() {
      box.remove()
      before?.focus?.()
    },
  }
}

/** A sheet from below with choices; resolves with the chosen value, or undefined. */
export function actionSheet(label, choices) {
  return new Promise((resolve) => {
    const done = (value) => {
      sheet.close()
      resolve(value)
    }
    const buttons = choices.map(({ text, value }) => element('button', { text, onclick: () => done(value) }))
    const panel = element('div', {
      class: 'sheet',
      children: [...buttons, element('button', { class: 'sheet-cancel', text: '取消', onclick: () => done() })],
    })
    const sheet = overlay('dim', label, [panel])
    sheet.box.addEventListener('click', (event) => event.target === sheet.box && done())
    sheet.box.addEventListener('keydown', (event) => event.key === 'Escape' && done())
  })
}

export function toast(text) {
  const shown = element('div', { class: 'toast', role: 'status', text })
  root().append(shown)
  setTimeout(() => shown.remove(), 1800)
}
