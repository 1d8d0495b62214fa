/** Building blocks of believable names, each with its pinyin for the userid. Written `汉字 pinyin`, parted by commas. */
const pairs = (text: string) =>
  text
    .trim()
    .split(/[,\n]\s*/)
    .map((each) => each.trim().split(' ') as [string, string])

export const SURNAMES = pairs(`
王 wang, 李 li, 张 zhang, 刘 liu, 陈 chen, 杨 yang, 黄 huang, 赵 zhao, 吴 wu, 周 zhou, 徐 xu, 孙 sun, 马 ma, 朱 zhu, 胡 hu
郭 guo, 何 he, 林 lin, 高 gao, 罗 luo, 郑 zheng, 梁 liang, 谢 xie, 宋 song, 唐 tang, 许 xu, 韩 han, 冯 feng, 邓 deng, 曹 cao
彭 peng, 曾 zeng, 肖 xiao, 田 tian, 董 dong, 袁 yuan, 潘 pan, 于 yu, 蒋 jiang, 蔡 cai, 余 yu, 杜 du, 叶 ye, 程 cheng, 苏 su
魏 wei, 吕 lv, 丁 ding, 任 ren, 沈 shen, 姚 yao, 卢 lu, 姜 jiang, 崔 cui, 钟 zhong, 谭 tan, 陆 lu, 汪 wang, 范 fan, 金 jin
欧阳 ouyang, 司徒 situ, 上官 shangguan, 诸葛 zhuge, 令狐 linghu`)

export const GIVEN_NAMES = pairs(`
伟 wei, 芳 fang, 娜 na, 敏 min, 静 jing, 强 qiang, 磊 lei, 洋 yang, 勇 yong, 杰 jie, 娟 juan, 涛 tao, 明 ming, 超 chao, 霞 xia
平 ping, 刚 gang, 桂英 guiying, 晓燕 xiaoyan, 志强 zhiqiang, 建华 jianhua, 秀兰 xiulan, 丽华 lihua, 文博 wenbo, 子涵 zihan
雨桐 yutong, 欣怡 xinyi, 梓萱 zixuan, 浩然 haoran, 宇轩 yuxuan, 诗涵 shihan, 思远 siyuan, 嘉怡 jiayi, 佳琪 jiaqi, 晨曦 chenxi
俊杰 junjie, 雅婷 yating, 梦洁 mengjie, 若曦 ruoxi, 一诺 yinuo, 泽宇 zeyu, 雪梅 xuemei, 海燕 haiyan, 国栋 guodong, 永康 yongkang
晓东 xiaodong, 春梅 chunmei, 玉兰 yulan, 立新 lixin, 小红 xiaohong, 天佑 tianyou, 心怡 xinyi, 昊天 haotian, 婉清 wanqing
书瑶 shuyao, 锦程 jincheng, 乐瑶 leyao, 景行 jingxing, 知夏 zhixia, 南星 nanxing, 沐阳 muyang, 清欢 qinghuan, 可欣 kexin
佩瑶 peiyao, 卓然 zhuoran, 亦凡 yifan, 语嫣 yuyan, 凯 kai, 颖 ying, 慧 hui, 鑫 xin, 婷 ting, 琳 lin, 鹏 peng, 雪 xue, 晶 jing`)

/**
 * People every corp of this WeCom has, whatever its size: the first ones tests and newcomers meet, and the names that
 * break careless programs (long, with a middle dot, beyond the basic plane, userids with capitals and signs).
 * Departments are given by name, see seed/departments.ts.
 */
export const FIXED_PEOPLE: { userid: string; name: string; position: string; departments: string[] }[] = [
  { userid: 'zhangsan', name: '张三', position: '店长', departments: ['上海南京西路店'] },
  { userid: 'lisi', name: '李四', position: '品牌经理', departments: ['市场品牌部'] },
  { userid: 'wangwu', name: '王五', position: '资深导购', departments: ['广州天河城店'] },
  { userid: 'zhaoliu', name: '赵六', position: '导购顾问', departments: ['北京西单店'] },
  { userid: 'zhaoyun', name: '赵云', position: '大区经理', departments: ['华北大区', '北京西单店'] },
  { userid: 'sunqi', name: '孙七', position: '会员运营', departments: ['成都春熙路店'] },
  { userid: 'linjianguo', name: '林建国', position: '总经理', departments: ['云杉优选'] },
  { userid: 'ayiguli', name: '阿依古丽·买买提', position: '导购顾问', departments: ['上海徐家汇店'] },
  { userid: 'zhangyan', name: '张龑', position: '陈列专员', departments: ['杭州湖滨店'] },
  { userid: 'li_yang', name: '李𬎆', position: '数据分析师', departments: ['信息技术部'] },
  { userid: 'Alice.Wang', name: 'Alice Wang 王爱丽', position: '内容策划', departments: ['市场品牌部'] },
  { userid: 'ShangguanWanqing', name: '上官婉清', position: '客服主管', departments: ['客户服务部'] },
  { userid: 'niexiaoqian@hq', name: '聂小倩', position: '招聘专员', departments: ['人力资源部'] },
  { userid: 'guwen-01', name: '冯远征', position: '驻场顾问', departments: ['外部顾问组'] },
  { userid: 'guwen-02', name: '秦可卿', position: '驻场顾问', departments: ['外部顾问组'] },
  { userid: 'guwen-03', name: '诸葛青云', position: '驻场顾问', departments: ['外部顾问组'] },
]
