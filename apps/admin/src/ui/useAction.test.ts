import { afterEach, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useAction } from './useAction.ts'

afterEach(() => document.body.replaceChildren())

function pressed(): HTMLButtonElement {
  const button = document.createElement('button')
  document.body.append(button)
  button.focus()
  return button
}
/** A busy button is disabled, which takes the focus from it. */
const disable = (button: HTMLButtonElement) => button.blur()

it('runs once at a time', async () => {
  let finish = () => {}
  const action = useAction(() => new Promise<void>((resolve) => (finish = resolve)))
  const first = action.run()
  await action.run()
  expect(action.busy).toBe(true)
  finish()
  await first
  expect(action.busy).toBe(false)
})

it('gives the focus back to the button that lost it while it was busy', async () => {
  const button = pressed()
  await useAction(async () => disable(button)).run()
  await nextTick()
  expect(document.activeElement).toBe(button)
})

it('leaves the focus where the action or a person has put it, and with nobody when the button is gone', async () => {
  const button = pressed()
  const elsewhere = document.createElement('input')
  document.body.append(elsewhere)
  await useAction(async () => elsewhere.focus()).run()
  await nextTick()
  expect(document.activeElement).toBe(elsewhere)

  button.focus()
  await useAction(async () => button.remove()).run()
  await nextTick()
  expect(document.activeElement).toBe(document.body)
})
