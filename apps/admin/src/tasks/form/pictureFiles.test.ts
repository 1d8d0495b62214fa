import { LIMITS } from '@qimeng/contract/limits'
import { expect, it } from 'vitest'
import { refusalOf } from './pictureFiles.ts'

const file = (name: string, type: string, size = 1) =>
  Object.defineProperty(new File(['x'], name, { type }), 'size', { value: size })

it.each([
  // Windows and Linux give phones' photos no type.
  [file('照片.HEIC', ''), '「照片.HEIC」是 HEIC 照片，暂不支持，请先转换成 JPG，没有添加'],
  [file('照片', 'image/heif'), '「照片」是 HEIC 照片，暂不支持，请先转换成 JPG，没有添加'],
  [file('图标.svg', 'image/svg+xml'), '「图标.svg」是 SVG 图片，暂不支持，请换成 JPG 或 PNG，没有添加'],
  [file('通知.txt', 'text/plain'), '「通知.txt」不是图片，没有添加'],
  [file('文件夹', ''), '「文件夹」不是图片，没有添加'],
  [file('空.jpg', 'image/jpeg', 0), '「空.jpg」是空文件，没有添加'],
  [file('巨.jpg', 'image/jpeg', LIMITS.imageBytes + 1), '「巨.jpg」超过 10 MB，没有添加'],
])('says what is wrong with a file, by name', (wrong, message) => {
  expect(refusalOf(wrong, 0, 9)).toBe(message)
})

it('takes a picture of exactly the largest size', () => {
  expect(refusalOf(file('大.jpg', 'image/jpeg', LIMITS.imageBytes), 0, 9)).toBeUndefined()
})

it('says how many there may be', () => {
  expect(refusalOf(file('十.jpg', 'image/jpeg'), 9, 9)).toBe('最多 9 张图片，「十.jpg」没有添加')
})
