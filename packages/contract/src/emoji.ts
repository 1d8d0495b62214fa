// WeChat's emoji codes in the order of its panel, each with the nearest Unicode emoji (WeChat's artwork is not ours).
// Sources: the code table `[{ cn: '[微笑]', emoji?, … }]` in the script that mp.weixin.qq.com serves with its article
// pages, which also gives the Unicode of 笑脸 生病 破涕为笑 脸红 恐惧 失望 无语 合十 庆祝 礼物, and, for which of them the panel
// of WeChat 8 offers (109) and for 烟花 爆竹, which that table lacks, three public bots that agree name by name.
// Codes WeChat has retired, such as [足球], are plain text here: nobody can type them any more.
const PANEL = `
  微笑 🙂 撇嘴 😕 色 😍 发呆 😳 得意 😎 流泪 😢 害羞 ☺️ 闭嘴 🤐 睡 😴 大哭 😭 尴尬 😅 发怒 😡 调皮 😜 呲牙 😁 惊讶 😮
  难过 🙁 囧 😧 抓狂 😫 吐 🤮 偷笑 🤭 愉快 😊 白眼 🙄 傲慢 😤 困 🥱 惊恐 😨 憨笑 😃 悠闲 😌 咒骂 🤬 疑问 🤔 嘘 🤫
  晕 😵 衰 😖 骷髅 💀 敲打 🔨 再见 👋 擦汗 😓 抠鼻 👃 鼓掌 👏 坏笑 😏 右哼哼 😤 鄙视 😒 委屈 🥺 快哭了 😿 阴险 😈
  亲亲 😘 可怜 🥹 笑脸 😄 生病 😷 脸红 😳 破涕为笑 😂 恐惧 😱 失望 😔 无语 😒 嘿哈 😆 捂脸 🤦 奸笑 😼 机智 🤓 皱眉 😟
  耶 ✌️ 吃瓜 🍉 加油 💪 汗 😰 天啊 😲 Emm 😑 社会社会 🙇 旺柴 🐶 好的 👌 打脸 🤕 哇 🤩 翻白眼 🙄 666 🤙 让我看看 👀
  叹气 😮‍💨 苦涩 🥲 裂开 🫠 嘴唇 💋 爱心 ❤️ 心碎 💔 拥抱 🤗 强 👍 弱 👎 握手 🤝 胜利 ✌️ 抱拳 🙏 勾引 👈 拳头 👊 OK 👌
  合十 🙏 啤酒 🍺 咖啡 ☕ 蛋糕 🎂 玫瑰 🌹 凋谢 🥀 菜刀 🔪 炸弹 💣 便便 💩 月亮 🌙 太阳 ☀️ 庆祝 🎉 礼物 🎁 红包 🧧
  發 🀅 福 🧧 烟花 🎆 爆竹 🧨 猪头 🐷 跳跳 🕺 发抖 🥶 转圈 💃`

/** A code as it is typed, copied and stored, and what our own pages draw for it. */
export interface WechatEmoji {
  readonly code: string
  readonly unicode: string
}

export const WECHAT_EMOJI: readonly WechatEmoji[] = Array.from(PANEL.matchAll(/(\S+) (\S+)/g), ([, name, unicode]) => ({
  code: `[${name}]`,
  unicode: unicode!,
}))

const UNICODE_OF = new Map(WECHAT_EMOJI.map(({ code, unicode }) => [code, unicode]))

/** Replaces every WeChat code in a text by what `draw` makes of it; brackets that are no code stay as they are. */
export function replaceWechatCodes(text: string, draw: (unicode: string) => string): string {
  return text.replace(/\[[^[\]]{1,4}\]/g, (candidate) => {
    const unicode = UNICODE_OF.get(candidate)
    return unicode === undefined ? candidate : draw(unicode)
  })
}
