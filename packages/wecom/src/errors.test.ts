import { describe, expect, it } from 'vitest'
import { WecomError, kindOf, type WecomErrorKind } from './errors.ts'

describe('kindOf', () => {
  const table: [WecomErrorKind, number[]][] = [
    ['retry', [-1, 6000, 45009, 45033]],
    ['token', [40014, 42001]],
    ['config', [60020, 48002, 301002, 40056, 50003, 40001, 40013, 40091]],
    ['recipient', [81013, 40003, 60111, 46004]],
    ['bug', [40058, 40063, 45002, 42014]],
  ]
  it.each(table)('says %s as the retry table does (WECOM.md 3.6)', (kind, codes) => {
    for (const code of codes) expect(kindOf(code), String(code)).toBe(kind)
  })

  it('takes an unknown code for our bug, so that a person looks at it', () => {
    expect(kindOf(987654)).toBe('bug')
  })
})

describe('a configuration error', () => {
  it('says in Chinese what an administrator has to do', () => {
    expect(new WecomError('/cgi-bin/message/send', 301002, '').cure).toContain('AgentId')
  })

  it('names the address to put on the list of trusted ones', () => {
    const errmsg =
      'not allow to access from your ip, hint: [1700000000_1a], from ip: 203.0.113.7, more info at https://…'
    expect(new WecomError('/cgi-bin/message/send', 60020, errmsg).cure).toContain('203.0.113.7')
    expect(new WecomError('/cgi-bin/message/send', 60020, '').cure).toContain('企业可信IP')
  })

  it('is the only kind with a cure', () => {
    expect(new WecomError('/cgi-bin/message/send', 81013, '').cure).toBeUndefined()
  })
})
