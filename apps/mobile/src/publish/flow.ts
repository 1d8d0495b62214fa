import type { SendScope } from '@qimeng/contract/limits'

/** Where a post goes. 全部 is both, one after the other: WeCom first, since its composer opens by itself. */
export type Target = 'wecom' | 'wechat'

export const TARGET_LABEL: Record<Target, string> = { wecom: '企业微信朋友圈', wechat: '微信朋友圈' }

/** What a post is made of; decides its steps (PRODUCT.md 4.2). */
export interface Content {
  text: boolean
  pictures: number
  link: boolean
}

export type Drawing =
  'save' | 'copy' | 'menu' | 'camera' | 'paste' | 'pictures' | 'link' | 'publish' | 'composer' | 'workbench'

export interface Step {
  drawing: Drawing
  title: string
  detail?: string
}

const TARGETS: Record<SendScope, Target[]> = { wechat: ['wechat'], wecom: ['wecom'], all: ['wecom', 'wechat'] }

export const targetsOf = (scope: SendScope): Target[] => TARGETS[scope]

/** The target whose turn it is: the first that the employee has not ticked off. */
export const nextTarget = (scope: SendScope, ticked: ReadonlySet<Target>): Target | undefined =>
  targetsOf(scope).find((target) => !ticked.has(target))

export const contentOf = (push: { text: string; images: readonly unknown[]; link: unknown }): Content => ({
  text: push.text !== '',
  pictures: push.images.length,
  link: push.link !== null,
})

/**
 * The steps to publish, in order.
 * @param composer WeCom's own composer can be opened from here; without it WeCom's steps are by hand as well
 */
export function stepsFor(target: Target, content: Content, composer: boolean): Step[] {
  if (target === 'wecom') return composer ? composerSteps(content) : wecomByHand(content)
  return wechatSteps(content)
}

function wechatSteps(content: Content): Step[] {
  const fill = fillSteps(content)
  if (content.pictures > 0 || content.link) {
    const menu: Step = {
      drawing: 'menu',
      title: '点右上角 ···，选「转发朋友圈」',
      // Outside WeCom there is no such menu, and an old client's does not know the link.
      detail: content.link
        ? '没有这个菜单时，在任务详情点「复制链接」，发到微信里打开后转发'
        : '也可以打开微信「发现」→「朋友圈」，点右上角的相机',
    }
    return [...savedFirst(content), ...copied(content), menu, ...fill, PUBLISH]
  }
  const camera: Step = {
    drawing: 'camera',
    title: '打开微信，进入「发现」→「朋友圈」',
    detail: '长按右上角的相机图标，可以只发文字',
  }
  return [...copied(content), camera, ...fill, PUBLISH]
}

function composerSteps(content: Content): Step[] {
  const filled = [
    ...(content.text ? ['文案'] : []),
    ...(content.pictures > 0 ? ['图片'] : []),
    ...(content.link ? ['链接'] : []),
  ]
  return [
    { drawing: 'composer', title: '点「确认」，打开企业微信的发表页', detail: `${filled.join('、')}会自动填好` },
    { ...PUBLISH, title: '核对内容后点「发表」' },
  ]
}

function wecomByHand(content: Content): Step[] {
  const open: Step = {
    drawing: 'workbench',
    title: '打开企业微信「工作台」→「客户朋友圈」',
    detail: '点「发表」，新建一条朋友圈',
  }
  const link: Step[] = content.link
    ? [{ drawing: 'link', title: '添加链接', detail: '在任务详情的链接下面点「复制链接」，再粘贴到发表页' }]
    : []
  return [...savedFirst(content), ...copied(content), open, ...fillSteps(content), ...link, PUBLISH]
}

const PUBLISH: Step = { drawing: 'publish', title: '点「发表」', detail: '发表后截图，回来上传发送凭证' }

const savedFirst = ({ pictures }: Content): Step[] =>
  pictures > 0 ? [{ drawing: 'save', title: `先保存 ${pictures} 张图片`, detail: '点开图片，长按保存到手机相册' }] : []

const copied = ({ text }: Content): Step[] => (text ? [{ drawing: 'copy', title: '点「确认」，文案自动复制' }] : [])

const fillSteps = ({ text, pictures }: Content): Step[] => [
  ...(text ? [{ drawing: 'paste', title: '长按输入框，粘贴文案' } as const] : []),
  ...(pictures > 0
    ? [{ drawing: 'pictures', title: `添加刚保存的 ${pictures} 张图片`, detail: '按原来的顺序选' } as const]
    : []),
]
