import { expect, it } from 'vitest'
import { refusal } from './refusal.ts'

it('says who was refused, and whom to ask', () => {
  expect(refusal({ error: 'not_admin', name: '李四' })).toEqual({
    title: '李四还不是管理员',
    text: '请联系已有的管理员，在「设置」中把你加入管理员名单，然后重新登录。',
  })
  expect(refusal({ error: 'not_admin', name: '李四', ask: '张三、林建国' })!.text).toBe(
    '请联系管理员：张三、林建国，在「设置」中把你加入管理员名单，然后重新登录。',
  )
})

it.each(['cancelled', 'expired', 'something-new'])('explains %s', (error) => {
  expect(refusal({ error })!.text).toContain('重新扫码登录')
})

it('says that the session is over, and what became of a form', () => {
  expect(refusal({ error: 'expired' })!.title).toBe('登录已失效，请重新登录')
  expect(refusal({ error: 'expired', draft: 'kept' })!.text).toContain('填写的内容已保存为草稿')
})

it('says nothing at a first visit', () => {
  expect(refusal({ return: '/admin/tasks' })).toBeUndefined()
})
