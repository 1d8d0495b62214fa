import { HOUR, startOfMinute, type NewPush, type NewTask } from '@qimeng/contract'
import sharp from 'sharp'

/** A task as the form sends it: one push of plain text, in an hour, for 张三 and 李四. */
export const aTask = (change: Partial<NewTask> = {}): NewTask => ({
  name: '秋季新品上市',
  executors: ['zhangsan', 'lisi'],
  sendScope: 'wechat',
  hint: '请发表到微信朋友圈',
  pushes: [aPush()],
  ...change,
})

export const aPush = (change: Partial<NewPush> = {}): NewPush => ({
  name: '第一条',
  scheduledAt: startOfMinute(Date.now()) + HOUR,
  text: '新品到店，欢迎来试[微笑]',
  images: [],
  link: null,
  ...change,
})

export const aLink = (change: Partial<NonNullable<NewPush['link']>> = {}): NonNullable<NewPush['link']> => ({
  url: 'https://example.com/new',
  title: '秋季新品',
  description: '第一批到店',
  coverId: null,
  ...change,
})

/** A real picture, each colour another one. */
export async function anImage({
  width = 120,
  height = 90,
  colour = '#3370ff',
  type = 'png' as 'png' | 'jpeg',
} = {}): Promise<Blob> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: colour } })
    .toFormat(type)
    .toBuffer()
  return new Blob([new Uint8Array(bytes)], { type: `image/${type}` })
}
