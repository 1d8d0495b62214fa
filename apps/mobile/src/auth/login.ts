import { ref } from 'vue'

/** True when logging in again did not help: shown instead of going round in circles. */
export const loginStuck = ref(false)

const ATTEMPT_KEY = 'qimeng.login-attempt'
/** A second 401 this soon (ms) after a login means that the session does not stick, e.g. cookies are blocked. */
export const LOOP_WINDOW_MS = 60_000

type Page = Pick<Window, 'location' | 'sessionStorage'>

let leaving = false

/**
 * Leaves for a silent new login that comes back to this page. Does nothing while already leaving; refuses, and sets
 * `loginStuck`, when a login has just been tried without success.
 */
export function beginLogin(now = Date.now(), page: Page = window): void {
  if (leaving || loginStuck.value) return
  if (!noteAttempt(now, page)) {
    loginStuck.value = true
    return
  }
  leaving = true
  const { pathname, search } = page.location
  page.location.replace(loginAddress(pathname + search))
}

const loginAddress = (path: string): string => `/auth/me/login?return=${encodeURIComponent(path)}`

/** @returns false when another attempt would only go round in circles */
function noteAttempt(now: number, { sessionStorage }: Page): boolean {
  try {
    const lastAttempt = Number(sessionStorage.getItem(ATTEMPT_KEY) ?? -Infinity)
    if (now - lastAttempt < LOOP_WINDOW_MS) return false
    sessionStorage.setItem(ATTEMPT_KEY, String(now))
    return true
  } catch {
    // Where storage is blocked cookies are too, and nothing would remember this attempt.
    return false
  }
}

/** A session was seen to work, or the login ended with a reason to show: a later 401 may start a login at once. */
export function forgetAttempt(page: Page = window): void {
  try {
    page.sessionStorage.removeItem(ATTEMPT_KEY)
  } catch {
    // Nothing was noted either.
  }
}

/** The person asks for another try, to come back to `path`. */
export function retryLogin(path: string, page: Page = window): void {
  loginStuck.value = false
  leaving = true
  forgetAttempt(page)
  page.location.replace(loginAddress(path))
}

/** A page restored from the back/forward cache has not left after all. */
window.addEventListener('pageshow', () => {
  leaving = false
})
