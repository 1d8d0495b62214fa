import { Refusal } from '../refusal.ts'

/** More bytes or more pixels than allowed. */
export class TooLarge extends Refusal {
  constructor(message: string) {
    super('too_large', message)
    this.name = 'TooLarge'
  }
}

/** Not a picture, or a damaged one, whatever its name says. */
export class NotAnImage extends Refusal {
  constructor(message = '这不是有效的图片，请选择 JPG 或 PNG 图片', cause?: unknown) {
    super('unsupported_media', message, { cause })
    this.name = 'NotAnImage'
  }
}

const UNSUPPORTED = {
  animated: '暂不支持动图，请换成静态图片',
  heic: '暂不支持 HEIC 照片，请在手机上转换成 JPG 后再上传',
  svg: '暂不支持 SVG 图片，请换成 JPG 或 PNG',
  format: '暂不支持这种图片格式，请换成 JPG 或 PNG',
} as const

/** A picture, but of a kind we do not take. */
export class UnsupportedImage extends Refusal {
  readonly reason: keyof typeof UNSUPPORTED

  constructor(reason: keyof typeof UNSUPPORTED) {
    super('unsupported_media', UNSUPPORTED[reason])
    this.name = 'UnsupportedImage'
    this.reason = reason
  }
}
