/**
 * Element Plus opens a picker's panel as a dialog without a name and offers no property for one: it is found by the class
 * given as `popper-class` once it is open.
 */
export function namePopper(popperClass: string, name: string): void {
  document.querySelectorAll(`.${popperClass}`).forEach((panel) => panel.setAttribute('aria-label', name))
}
