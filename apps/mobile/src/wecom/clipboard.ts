import { host, viaClient } from './client.ts'

/** Short: the browser's own clipboard, the next in line, wants the tap to be recent (Safari about 1 s, Chromium 5 s). */
const PATIENCE_MS = 800

/**
 * Puts a text on the clipboard: by the WeCom client, else by the browser.
 * @returns false when neither could; then the person has to select it by hand
 */
export async function copyText(text: string): Promise<boolean> {
  if (host() === 'wecom') {
    const outcome = await viaClient((ww) => ww.setClipboardData({ data: text }), PATIENCE_MS)
    if (outcome.ok) return true
  }
  return (await copyByBrowser(text)) || copyBySelection(text)
}

async function copyByBrowser(text: string): Promise<boolean> {
  // Absent on plain http and in old web views; may be refused, and then throws.
  if (!('clipboard' in navigator) || !navigator.clipboard) return false
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** The only way in old web views. */
function copyBySelection(text: string): boolean {
  if (typeof document.execCommand !== 'function') return false
  const area = document.createElement('textarea')
  area.value = text
  area.readOnly = true
  area.style.cssText = 'position:fixed;inset:0 auto auto 0;opacity:0;font-size:16px'
  document.body.append(area)
  area.select()
  area.setSelectionRange(0, text.length)
  try {
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    area.remove()
  }
}
