import { expect, test } from 'vitest'
import { readName, spellKeyword } from './pinyin.ts'

test.each([
  ['张三', 'zhangsan', 'zs'],
  ['上官婉清', 'shangguanwanqing', 'sgwq'],
  ['单雄信', 'shanxiongxin', 'sxx'],
  ['仇英', 'qiuying', 'qy'],
  ['吕绿', 'lvlv', 'll'],
  ['阿依古丽·买买提', 'ayigulimaimaiti', 'ayglmmt'],
  ['Alice Wang 王爱丽', 'alicewangwangaili', 'awwal'],
  ['Ａｌｉｃｅ　王', 'alicewang', 'aw'],
  ['李𬎆', 'li𬎆', 'l𬎆'],
  ['·', '', ''],
])('%s is read %s, %s', (name, pinyin, initials) => {
  expect(readName(name)).toEqual({ pinyin, initials })
})

test.each([
  ['张s', ['张'], 'zhangs', 'zs', []],
  ['张sf', ['张'], 'zhangsf', 'zsf', []],
  ['单xx', ['单'], 'shanxx', 'sxx', []],
  ['Zhang San', [], 'zhangsan', 'zhangsan', ['zhang', 'san']],
  ["z'san", [], 'zsan', 'zsan', ['z', 'san']],
  ['z三', ['三'], 'zsan', 'zs', []],
])('the keyword %s is looked for as %j %s %s %j', (keyword, chinese, pinyin, initials, beginnings) => {
  expect(spellKeyword(keyword)).toEqual({ chinese, pinyin, initials, beginnings })
})
