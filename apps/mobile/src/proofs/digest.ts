/** Tells whether two files are the same picture. Without SHA-256 (plain http) name, size and date have to do. */
export async function digestOf(file: File): Promise<string> {
  if (!globalThis.crypto?.subtle) return `${file.name}:${file.size}:${file.lastModified}`
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** For Idempotency-Key; `crypto.randomUUID` is absent on plain http and in older web views. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
