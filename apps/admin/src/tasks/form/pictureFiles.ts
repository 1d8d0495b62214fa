import { LIMITS } from '@qimeng/contract/limits'

/** Some systems give no type for what phones take. */
const HEIC = /\.(heic|heif)$/i

/**
 * Why a file is not taken, where that can be told without the server, which looks at the bytes.
 * @param taken how many pictures there are already
 */
export function refusalOf(file: File, taken: number, most: number): string | undefined {
  const refused = (why: string) => `「${file.name}」${why}，没有添加`
  if (HEIC.test(file.name) || /^image\/hei[cf]/.test(file.type)) {
    return refused('是 HEIC 照片，暂不支持，请先转换成 JPG')
  }
  if (file.type === 'image/svg+xml') return refused('是 SVG 图片，暂不支持，请换成 JPG 或 PNG')
  if (!file.type.startsWith('image/')) return refused('不是图片')
  if (file.size === 0) return refused('是空文件')
  if (file.size > LIMITS.imageBytes) return refused(`超过 ${LIMITS.imageBytes / 1024 / 1024} MB`)
  return taken < most ? undefined : `最多 ${most} 张图片，「${file.name}」没有添加`
}
