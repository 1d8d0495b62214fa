const words = (text: string) => text.split(' ')

const PLACES = words('华东 华南 华北 西南 上海 杭州 深圳 成都 武汉 南京 西安 重庆 全国 门店')
const TIMES = words('春节 元宵 妇女节 清明 五一 端午 暑期 七夕 中秋 国庆 双十一 双十二 元旦 周年庆')
const THINGS = words('新品 护肤 彩妆 家电 咖啡 童装 运动鞋 会员日 羽绒服 智能手表 母婴 图书 茶叶')
const DEEDS = words('促销 上新 预热 返场 满减 直播预告 抽奖 品鉴会 答谢 招募 探店 清仓 早鸟')
const SURNAMES = words('王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙')
const GIVEN = words('伟 芳 秀英 敏 静 丽 强 磊 洋 艳 勇 军 欣怡 子轩')

/** Rolls a number below `sides`. */
export type Dice = (sides: number) => number

/** The same numbers at every run (mulberry32), so that figures can be compared. */
export function dice(seed: number): Dice {
  return (sides) => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

export const one = <Thing>(roll: Dice, things: readonly Thing[]): Thing => things[roll(things.length)]!

/** As companies call their campaigns: 「活动」 in every second name, 「凤凰」 in one of a thousand. */
export function taskName(roll: Dice): string {
  const word = roll(1000) === 0 ? '凤凰' : roll(2) === 0 ? '活动' : ''
  return `${one(roll, PLACES)}${one(roll, TIMES)}${one(roll, THINGS)}${one(roll, DEEDS)}${word}${roll(400)}期`
}

export const personName = (number: number) => SURNAMES[number % SURNAMES.length]! + GIVEN[number % GIVEN.length]!
