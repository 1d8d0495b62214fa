import type { Problem } from '@qimeng/contract/errors'
import { escapeHtml } from './html.ts'

/** A problem for somebody who opened an address and not for a program: a link that has expired, a login too often. */
export const problemPage = ({ message, requestId }: Problem): string => `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>暂时无法打开 · 企盟助手</title>
<style>
  body { font: 16px/1.7 system-ui, sans-serif; max-width: 26rem; margin: 22vh auto 0; padding: 0 1.5rem; color: #1d2129 }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem }
  small { color: #6b7280; overflow-wrap: anywhere }
  @media (prefers-color-scheme: dark) { body { background: #17191c; color: #e8eaed } small { color: #9aa0a6 } }
</style>
<h1>暂时无法打开</h1>
<p>${escapeHtml(message)}</p>
<p><small>编号 ${escapeHtml(requestId)}</small></p>
</html>`
