import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeReturnPath } from './return-path.ts'

test('a page of ours is kept as it is', () => {
  expect(safeReturnPath('me', '/m/pushes/1?x=1#y')).toBe('/m/pushes/1?x=1#y')
  expect(safeReturnPath('admin', '/admin/tasks?keyword=%E6%96%B0')).toBe('/admin/tasks?keyword=%E6%96%B0')
})

test('whatever is asked for, a browser ends up on our own pages', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '//',
    '..',
    '.',
    '%2e',
    '%2f',
    '\t',
    '\n',
    '@',
    ':',
    'm',
    'admin',
    'evil.example',
    '?',
    '#',
    'https:',
    'javascript:',
  )
  const wanted = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.array(piece).map((pieces) => `/m/${pieces.join('')}`),
  )
  fc.assert(
    fc.property(wanted, (path) => {
      const url = new URL(safeReturnPath('me', path), 'https://ours.example')
      expect(url.origin).toBe('https://ours.example')
      expect(url.pathname.startsWith('/m/')).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
