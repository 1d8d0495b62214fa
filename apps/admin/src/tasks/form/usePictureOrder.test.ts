import { expect, it } from 'vitest'
import { reactive } from 'vue'
import { within } from '../../test/within.ts'
import type { Picture } from './draft.ts'
import { uploaded } from './draft.ts'
import { usePictureOrder } from './usePictureOrder.ts'

function open(...names: string[]) {
  const view = (id: string) => ({ id, width: 8, height: 8, thumb: '/t', full: '/f' })
  const pictures = reactive<Picture[]>(names.map((name) => uploaded(view(name), name)))
  const { result } = within({}, () =>
    usePictureOrder(
      () => pictures,
      () => null,
    ),
  )
  return { ...result, pictures, names: () => pictures.map(({ name }) => name).join('') }
}
/** What a drag carries. */
const hand = { effectAllowed: 'all', setData: () => undefined } as unknown as DataTransfer

it('moves a picture and says where it is now', async () => {
  const { move, said, pictures, names } = open('甲', '乙', '丙')
  await move(pictures[1]!, 0)
  expect(names()).toBe('乙甲丙')
  expect(said.value).toBe('「乙」移到了第 1 张，共 3 张')
})

it('says that there is no further to go', async () => {
  const { move, said, pictures, names } = open('甲', '乙')
  await move(pictures[0]!, -1)
  expect(said.value).toBe('已经是第一张')
  await move(pictures[1]!, 2)
  expect(said.value).toBe('已经是最后一张')
  expect(names()).toBe('甲乙')
})

it('follows a drag, and says where it ended', () => {
  const { lift, passOver, land, letGo, said, pictures, names } = open('甲', '乙', '丙')
  lift(pictures[2]!, hand)
  passOver(1)
  passOver(0)
  expect(names()).toBe('丙甲乙')
  land()
  letGo()
  expect(said.value).toBe('「丙」移到了第 1 张，共 3 张')
})

it('puts everything back when a drag is given up', () => {
  const { lift, passOver, letGo, said, dragged, pictures, names } = open('甲', '乙', '丙')
  lift(pictures[2]!, hand)
  passOver(0)
  letGo()
  expect([names(), said.value, dragged.value]).toEqual(['甲乙丙', '', undefined])
})

it('says when the uploads have come to an end, and that one was cancelled', async () => {
  const { removed, said, pictures } = open('甲', '乙', '丙')
  pictures[0]!.state = 'uploading'
  pictures[1]!.state = 'waiting'
  pictures[0]!.state = 'ready'
  expect(said.value).toBe('')
  const cancelled = { ...pictures[1]! }
  pictures.splice(1, 1)
  expect(said.value).toBe('上传结束，共 2 张图片可用')
  await removed(cancelled, 1)
  expect(said.value).toBe('「乙」已取消上传，还有 2 张')
})
