/**
 * The Idempotency-Key of something a button starts. Whoever presses again because no answer came repeats the request; what
 * is pressed after an answer, or with other content, is a new one.
 */
export function requestKey() {
  let open: { content: string; key: string } | undefined
  return {
    /** The key under which to send this content. */
    of(content: unknown): string {
      const text = JSON.stringify(content)
      if (open?.content !== text) open = { content: text, key: crypto.randomUUID() }
      return open.key
    },
    /** The server has answered. */
    answered(): void {
      open = undefined
    },
  }
}
