import { expect, test } from 'vitest'
import { signatureOf } from './signature.ts'

test('a signature is the known answer of WECOM.md 5.2', () => {
  const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'
  const signed = { nonceStr: 'Wm3WZYTPz0wzccnW', timestamp: '1414587457' }
  expect(signatureOf(ticket, 'http://mp.weixin.qq.com?params=value', signed)).toBe(
    '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
  )
})
