import type { MyPicture, MyPush } from '@qimeng/contract'

export const anImage = (id = 'i1'): MyPicture => ({
  id,
  width: 1200,
  height: 900,
  thumb: `/files/images/${id}/thumb?s=1`,
  screen: `/files/images/${id}/screen?s=1`,
  full: `/files/images/${id}/full?s=1`,
  mediaId: null,
})

export const aPush = (given: Partial<MyPush> = {}): MyPush => ({
  pushId: 'p1',
  pushName: '新品上市',
  taskName: '十一月',
  scheduledAt: Date.UTC(2026, 10, 23, 2),
  sendScope: 'wechat',
  hint: '请发表到微信朋友圈',
  text: '上新啦[庆祝]\n到店有礼',
  images: [],
  link: null,
  state: 'pending',
  executedAt: null,
  proof: null,
  ...given,
})

export const aLink = {
  url: 'https://shop.example.com/new',
  title: '秋冬新品',
  description: '预约试穿',
  cover: anImage('c1'),
  composerTitle: '秋冬新品',
  composerCover: null,
}
