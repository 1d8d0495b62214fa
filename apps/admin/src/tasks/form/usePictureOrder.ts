import { nextTick, ref, watch } from 'vue'
import type { Picture } from './draft.ts'
import { isUnderway } from './draft.ts'

/**
 * The places of a field's pictures: who moves or removes one by keyboard keeps the focus there, everybody hears where it is
 * now, and a drag that ends beside the list changes nothing.
 * @param list the element whose children are the tiles, with the button to add after them
 */
export function usePictureOrder(pictures: () => Picture[], list: () => HTMLElement | null) {
  /** For those who do not see it. */
  const said = ref('')
  const dragged = ref<Picture>()
  let before: Picture[] = []
  let landed = false

  const nameAndPlace = (picture: Picture) =>
    `「${picture.name}」移到了第 ${pictures().indexOf(picture) + 1} 张，共 ${pictures().length} 张`

  function put(picture: Picture, to: number): void {
    const all = pictures()
    all.splice(to, 0, ...all.splice(all.indexOf(picture), 1))
  }

  /** Moving takes the element out and in again, which loses the focus; so does removing it. */
  async function focusAt(index: number): Promise<void> {
    await nextTick()
    const item = list()?.children[index]
    const target = item?.querySelector<HTMLElement>('[data-add]') ?? (item as HTMLElement | undefined)
    target?.focus()
  }

  async function move(picture: Picture, to: number): Promise<void> {
    const from = pictures().indexOf(picture)
    const place = Math.min(Math.max(to, 0), pictures().length - 1)
    if (place === from) {
      said.value = from === 0 ? '已经是第一张' : '已经是最后一张'
      return
    }
    put(picture, place)
    said.value = nameAndPlace(picture)
    await focusAt(place)
  }

  async function removed({ name, state }: Picture, from: number): Promise<void> {
    const what = state === 'waiting' || state === 'uploading' ? '已取消上传' : '已移除'
    said.value = `「${name}」${what}，还有 ${pictures().length} 张`
    await focusAt(from)
  }

  function lift(picture: Picture, transfer: DataTransfer): void {
    dragged.value = picture
    before = [...pictures()]
    landed = false
    transfer.effectAllowed = 'move'
    // Without data of some kind Firefox begins no drag.
    transfer.setData('application/x-picture', picture.key)
  }
  function passOver(index: number): void {
    if (dragged.value && pictures()[index] !== dragged.value) put(dragged.value, index)
  }
  const land = () => void (landed = true)
  function letGo(): void {
    if (!dragged.value) return
    // Escape, or a place that takes no pictures.
    if (!landed) pictures().splice(0, pictures().length, ...before)
    else if (before.indexOf(dragged.value) !== pictures().indexOf(dragged.value))
      said.value = nameAndPlace(dragged.value)
    dragged.value = undefined
  }

  watch(
    () => pictures().some(isUnderway),
    (underway) => {
      const ready = pictures().filter(({ state }) => state === 'ready').length
      if (!underway && ready > 0) said.value = `上传结束，共 ${ready} 张图片可用`
    },
    // Before what is said about the picture whose removal ended it.
    { flush: 'sync' },
  )

  return { said, dragged, move, removed, focusAt, lift, passOver, land, letGo }
}
