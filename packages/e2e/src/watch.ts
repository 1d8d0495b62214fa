import type { BrowserContext, Page } from '@playwright/test'

/** What went wrong behind the pages' backs, and what a test said it would. */
export interface Watch {
  /** From now on problems that match are meant to happen. A problem's text ends with its address. */
  expecting(pattern: RegExp): void
  add(problem: string): void
  /** What nobody expected. */
  unexpected(): string[]
}

export function newWatch(): Watch {
  const problems: string[] = []
  const expected: RegExp[] = []
  return {
    expecting: (pattern) => void expected.push(pattern),
    add: (problem) => void problems.push(problem),
    unexpected: () => problems.filter((problem) => !expected.some((pattern) => pattern.test(problem))),
  }
}

/**
 * Notes every console error and warning, exception, failed request and error status of every page of the context.
 * @param watch of the test that is running
 */
export function watchPages(context: BrowserContext, watch: () => Watch): void {
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    watch().add(`console ${message.type()}: ${message.text()} ${message.location().url}`)
  })
  context.on('weberror', (error) => watch().add(`exception: ${String(error.error().stack)} ${pageUrl(error.page())}`))
  context.on('response', (response) => {
    if (response.status() >= 400) watch().add(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // Leaving a page, and a search that a newer one replaces, give up what is under way: that is no failure.
    if (reason !== 'net::ERR_ABORTED') watch().add(`${reason} ${request.method()} ${request.url()}`)
  })
}

const pageUrl = (page: Page | null): string => page?.url() ?? ''
