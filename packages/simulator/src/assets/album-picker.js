import { element, overlay } from './overlay.js'
import { get } from './requests.js'

/** Lets the person pick up to `limit` pictures of the album; resolves with their ids, or undefined when cancelled. */
export async function choosePictures(limit) {
  const pictures = await get('/__phone/pictures')
  return new Promise((resolve) => {
    const chosen = []
    const done = element('button', { class: 'primary', text: '完成', disabled: true, onclick: () => finish(chosen) })
    const tiles = pictures.map((picture) => {
      const mark = element('i', { 'aria-hidden': 'true' })
      const tile = element('button', {
        class: 'tile',
        'aria-pressed': 'false',
        'aria-label': picture.name,
        children: [element('img', { src: `/__phone/pictures/${picture.id}`, alt: '' }), mark],
        onclick: () => toggle(picture.id),
      })
      return { id: picture.id, tile, mark }
    })
    const empty = element('p', { class: 'picker-empty', text: '相册是空的' })
    const picker = overlay('picker', '选择图片', [
      element('div', {
        class: 'overlay-bar',
        children: [element('button', { text: '取消', onclick: () => finish() }), element('h2', { text: '相册' }), done],
      }),
      element('div', { class: 'tiles', children: pictures.length ? tiles.map(({ tile }) => tile) : [empty] }),
    ])

    function toggle(id) {
      if (chosen.includes(id)) chosen.splice(chosen.indexOf(id), 1)
      else if (chosen.length < limit) chosen.push(id)
      for (const each of tiles) {
        const place = chosen.indexOf(each.id)
        each.tile.setAttribute('aria-pressed', String(place >= 0))
        each.mark.textContent = place >= 0 ? place + 1 : ''
      }
      done.disabled = chosen.length === 0
      done.textContent = chosen.length ? `完成(${chosen.length})` : '完成'
    }
    function finish(result) {
      picker.close()
      resolve(result)
    }
  })
}
