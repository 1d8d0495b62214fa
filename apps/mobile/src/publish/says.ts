import type { Target } from './flow.ts'
import type { Composer, Copy } from './usePublishing.ts'

interface Publishing {
  copy: Copy
  composer: Composer
  parts: readonly { target: Target; ticked: boolean }[]
}

const COMPOSER_SAYS: Record<Composer, string> = {
  closed: '',
  opening: '正在打开企业微信发表页…',
  opened: '发表好了就去上传凭证',
  slow: '发表页没有打开？请按下面的步骤手动发表',
  cancelled: '这次没有发表，可以再打开一次',
  refused: '当前企业微信不能自动打开发表页，请按下面的步骤手动发表',
}

const TROUBLE: readonly Composer[] = ['slow', 'cancelled', 'refused']

/** What came of 「确认」, in one line, and whether it is bad news. */
export function publishingSays({ copy, composer, parts }: Publishing): { words: string; trouble: boolean } {
  if (parts.length > 1 && parts.every((part) => part.ticked)) {
    return { words: '都发表好了，去上传凭证吧', trouble: false }
  }
  const copied = copy === 'copied' ? '文案已复制' : ''
  const wecom = parts.find((part) => part.target === 'wecom')
  const wechatLeft = parts.some((part) => part.target === 'wechat' && !part.ticked)
  const composing = wecom && !wecom.ticked && composer !== 'closed'
  const more = wechatLeft && (wecom?.ticked || composer === 'opened') ? '接着发表到微信朋友圈' : ''
  const words = more || (composing ? COMPOSER_SAYS[composer] : '')
  return {
    words: [copied, words].filter(Boolean).join('，') || '请按下面的步骤发表',
    trouble: Boolean(composing) && TROUBLE.includes(composer),
  }
}
