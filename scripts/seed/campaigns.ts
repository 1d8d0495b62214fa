import type { SendScope } from '../../packages/contract/src/limits.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

export interface SeedPush {
  name: string
  /** Milliseconds from now; negative is in the past. */
  at: number
  text: string
  /** How many posters. */
  pictures?: number
  link?: { url: string; title: string; description: string }
  /** Which part of the executors has done it by now, 0 to 1. */
  done?: number
  /** How many people WeCom does not deliver the card to. */
  unreached?: number
  /** The server was down at its minute, and for more than two hours. */
  missed?: true
}

export interface SeedCampaign {
  name: string
  scope: SendScope
  /** Names of the departments whose people execute it. */
  departments: string[]
  people: number
  /** Milliseconds before now. */
  createdBefore: number
  pushes: SeedPush[]
}

/** What a retail chain has been doing these days: finished, running and planned campaigns, so that no screen is empty. */
export const CAMPAIGNS: SeedCampaign[] = [
  {
    name: '秋冬会员日预热',
    scope: 'wechat',
    departments: ['上海南京西路店', '上海徐家汇店'],
    people: 16,
    createdBefore: 8 * DAY,
    pushes: [
      {
        name: '预热海报',
        at: -7 * DAY,
        text: '会员日倒计时两天[庆祝]\n秋冬新款全场两件 8 折，会员再返 50 元券🎉\n把时间留给周六，我们在门店等你～',
        pictures: 3,
        done: 1,
      },
      {
        name: '会员日当天',
        at: -5 * DAY - 2 * HOUR,
        text: '今天就是会员日！[愉快]\n到店出示会员码即可领取限量帆布袋，先到先得。',
        pictures: 1,
        done: 0.88,
      },
    ],
  },
  {
    name: '门店直播间邀请',
    scope: 'all',
    departments: ['杭州湖滨店', '南京新街口店'],
    people: 20,
    createdBefore: 4 * DAY,
    pushes: [
      {
        name: '直播预告',
        at: -3 * DAY,
        text: '今晚八点，店长带你逛新品[玫瑰]\n点开链接预约，开播提醒不错过。',
        link: {
          url: 'https://live.example.com/room/2026',
          title: '云杉优选 · 新品直播间',
          description: '今晚 20:00，店长带你逛秋冬新品',
        },
        done: 0.7,
      },
    ],
  },
  {
    name: '周末快闪店打卡',
    scope: 'wechat',
    departments: ['青岛海信广场店'],
    people: 8,
    createdBefore: 31 * HOUR,
    pushes: [
      { name: '快闪开幕', at: -30 * HOUR, text: '周末快闪店开门啦，来打卡领小样[鼓掌]', pictures: 2, missed: true },
    ],
  },
  {
    name: '双十二新品上市',
    scope: 'wechat',
    departments: ['总部职能中心', '广州天河城店', '成都春熙路店'],
    people: 24,
    createdBefore: DAY,
    pushes: [
      {
        name: '新品九宫格',
        at: -20 * HOUR,
        text: '双十二新品到店啦[强]\n羊绒混纺、轻暖不扎，九个颜色总有一件适合你。\n私信我，帮你留码👇',
        pictures: 9,
        done: 0.54,
      },
      {
        name: '搭配灵感',
        at: -2 * HOUR,
        text: '一件大衣的三种穿法，通勤、约会、周末都不重样[机智]',
        pictures: 4,
        done: 0.21,
      },
      { name: '限时加赠', at: 2 * DAY, text: '加赠最后一天！满 599 送羊毛围巾一条🧣', pictures: 2 },
    ],
  },
  {
    name: '企业微信客户回访周',
    scope: 'wecom',
    departments: ['北京西单店', '天津滨江道店'],
    people: 14,
    createdBefore: 6 * HOUR,
    pushes: [
      {
        name: '回访问候',
        at: -5 * HOUR,
        text: '降温啦，记得添衣[拥抱]\n回复「护理」，领取一次免费羊绒护理。',
        done: 0.36,
        unreached: 2,
      },
      { name: '护理教程', at: DAY + 3 * HOUR, text: '羊绒衫的正确洗法，三步就够：冷水、中性、平铺[OK]', pictures: 6 },
    ],
  },
  {
    name: '圣诞限定礼盒',
    scope: 'wechat',
    departments: ['深圳万象天地店', '厦门中山路店', '重庆解放碑店'],
    people: 30,
    createdBefore: 3 * HOUR,
    pushes: [
      { name: '礼盒亮相', at: 5 * DAY, text: '圣诞限定礼盒来了🎄 一盒装下整个冬天的暖。', pictures: 3 },
      {
        name: '预订开启',
        at: 7 * DAY,
        text: '礼盒预订今天开启，前 100 名刻字免费[礼物]',
        link: {
          url: 'https://shop.example.com/christmas',
          title: '圣诞限定礼盒预订',
          description: '前 100 名免费刻字',
        },
      },
    ],
  },
]
