import { expect, it } from 'vitest'
import { isFree, judgeLicences, readAudit } from './lib/supply.mjs'

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['Apache-2.0 AND LGPL-3.0-or-later', true],
  ['Apache-2.0 AND GPL-3.0', false],
  ['AGPL-3.0', false],
  ['Unknown', false],
])('reads the licence %s', (expression, free) => {
  expect(isFree(expression)).toBe(free)
})

it('sets apart what somebody has to read', () => {
  const { lines, foreign } = judgeLicences({ 'GPL-3.0': [{ name: 'x' }], MIT: [{ name: 'b' }, { name: 'a' }] })
  expect(lines[0]).toEqual({ licence: 'MIT', names: ['a', 'b'] })
  expect(foreign).toEqual([{ licence: 'GPL-3.0', names: ['x'] }])
})

it('tells a registry that knows of nothing from one that does not say', () => {
  expect(readAudit('{"advisories":{}}')).toEqual([])
  const advisory = { module_name: 'x', severity: 'high', title: 'bad', url: 'https://example.com' }
  expect(readAudit(JSON.stringify({ advisories: { 1: advisory } }))).toEqual([advisory])
  expect(readAudit('Error: ERR_PNPM_AUDIT_BAD_RESPONSE\n  responded with 405:')).toBeUndefined()
  expect(readAudit('')).toBeUndefined()
})
