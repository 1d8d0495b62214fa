/** The chain 「云杉优选」: company → regions and head office → stores and teams. */
export const COMPANY = '云杉优选'

export const REGIONS: Record<string, string[]> = {
  总部职能中心: ['市场品牌部', '客户服务部', '人力资源部', '财务部', '信息技术部'],
  华东大区: ['上海南京西路店', '上海徐家汇店', '杭州湖滨店', '南京新街口店', '苏州观前街店'],
  华南大区: ['广州天河城店', '深圳万象天地店', '厦门中山路店', '佛山岭南天地店'],
  华北大区: ['北京西单店', '北京朝阳大悦城店', '天津滨江道店', '青岛海信广场店'],
  西南大区: ['成都春熙路店', '重庆解放碑店', '昆明南屏街店'],
}

/** Not in the app's visible range: consultants from outside. */
export const OUTSIDE = '外部顾问组'

export const HEAD_OFFICE = '总部职能中心'

const CITIES = [
  '上海',
  '杭州',
  '宁波',
  '无锡',
  '合肥',
  '广州',
  '深圳',
  '东莞',
  '北京',
  '石家庄',
  '济南',
  '成都',
  '重庆',
  '贵阳',
]
const PLACES = [
  '万达广场',
  '吾悦广场',
  '银泰城',
  '龙湖天街',
  '印象城',
  '大悦城',
  '万象汇',
  '奥特莱斯',
  '火车站',
  '大学城',
]

/** Further stores for a corp too large for the named ones: 「上海万达广场2店」. */
export function extraStores(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / (CITIES.length * PLACES.length)) + 1
    const place = PLACES[Math.floor(i / CITIES.length) % PLACES.length]
    return `${CITIES[i % CITIES.length]}${place}${round > 1 ? round : ''}店`
  })
}

export const STORE_POSITIONS = [
  '店长',
  '导购顾问',
  '导购顾问',
  '资深导购',
  '导购顾问',
  '会员运营',
  '陈列专员',
  '收银专员',
]
export const OFFICE_POSITIONS = ['经理', '主管', '专员', '专员', '高级专员', '实习生']
