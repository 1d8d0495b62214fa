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

  it.each<[string, WecomErrorKind, number[]]>([
    ['1.2', 'config', [41002, 41004]],
    ['1.2', 'bug', [41001]],
    ['2.3, 2.5', 'recipient', [40029, 42003, 42022, 50002, 84014, 84015]],
    ['2.3, 2.5', 'bug', [41008, 84090]],
    ['2.5, 5.9', 'config', [50001, 85005, 80001]],
    ['3.1', 'bug', [40074, 40032, 82001, 82002, 82003]],
    ['3.2', 'bug', [41033, 44004, 45008, 45034]],
    ['3.3', 'config', [43012]],
    ['3.3', 'bug', [42014, 42016, 42018, 42019, 42020, 42027, 42028]],
    ['3.4, 3.5', 'bug', [42015, 42052, 60140]],
    ['5.2', 'config', [40093, 42012]],
    ['5.2', 'bug', [91040]],
    ['6', 'bug', [40004, 40005, 40006, 40007, 40009, 40011, 41006, 41072, 41080, 41081, 41082, 41090, 44001, 45001]],
    ['8', 'recipient', [40003, 40068, 60003, 60111, 60123]],
    ['8, 9', 'config', [48009, 48006, 60011, 701008, 701016, 701099]],
  ])('sorts the codes of WECOM.md %s into %s', (_chapter, kind, codes) => {
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
