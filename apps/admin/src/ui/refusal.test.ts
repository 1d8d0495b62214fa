import { expect, it } from 'vitest'
import { refusal } from './refusal.ts'

it('says who was refused, and whom to ask', () => {
  expect(refusal({ error: 'not_admin', name: '李四' })).toEqual({
    title: '李四还不是管理员',
    text: '请联系已有的管理员，在「设置」中把你加入管理员名单，然后重新登录。',
  })
})

it.each(['cancelled', 'expired', 'something-new'])('explains %s', (error) => {
  expect(refusal({ error })!.text).toContain('重新扫码登录')
})

it('says nothing at a first visit', () => {
  expect(refusal({ return: '/admin/tasks' })).toBeUndefined()
})
