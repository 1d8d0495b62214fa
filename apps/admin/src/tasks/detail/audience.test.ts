import { expect, it } from 'vitest'
import { audienceOf, audienceSentence, audienceWords } from './audience.ts'

it('is everybody only while nothing is chosen and nothing is filtered', () => {
  const all = audienceOf({ chosen: 0, found: undefined }, 97)
  expect(audienceWords(all)).toBe('全部待执行 97 人')
  expect(audienceSentence(all, 97)).toBe('将提醒全部 97 名待执行员工。')
})

it('is what the filter finds when nobody is chosen, and says who gets nothing', () => {
  const found = audienceOf({ chosen: 0, found: 12 }, 97)
  expect(audienceWords(found)).toBe('筛选结果 12 人')
  expect(audienceSentence(found, 97)).toContain('其他 85 名待执行员工不会收到提醒')
})

it('is who was chosen, whatever the filter finds', () => {
  expect(audienceWords(audienceOf({ chosen: 3, found: 12 }, 97))).toBe('已选 3 人')
})

it('is nobody when the filter finds nobody, and not everybody', () => {
  expect(audienceOf({ chosen: 0, found: 0 }, 97)).toEqual({ kind: 'filtered', people: 0 })
})
