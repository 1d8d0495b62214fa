import sharp, { type OverlayOptions } from 'sharp'
import { initials, tint } from '../pages/avatar.ts'
import { escape } from '../pages/html.ts'
import type { Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { findPicture } from './album.ts'
import type { Moment } from './moments.ts'
import { clockTime, fullTime } from './time.ts'

const WIDTH = 750
const HEIGHT = 1334
const LEFT = 132
const FONT = 30
const LINE = 44
const CHARACTERS_PER_LINE = 19
const MAX_LINES = 6
const FACE = "font-family=\"'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif\""

/** A picture of the phone showing this moment, as an employee would hand it in: a real PNG, drawn and not photographed. */
export async function screenshot(state: State, person: Person, moment: Moment): Promise<Buffer> {
  const lines = wrap(moment.text)
  const picturesTop = 246 + lines.length * LINE
  const cells = grid(moment.pictures.length).map((cell) => ({ ...cell, top: cell.top + picturesTop }))
  const bottom = cells.length > 0 ? Math.max(...cells.map((cell) => cell.top + cell.size)) : picturesTop - 16
  const linkTop = bottom + 16
  const footTop = moment.link ? linkTop + 140 : bottom + 44
  const base = Buffer.from(drawing(state, person, moment, { lines, linkTop, footTop }))

  const overlays: OverlayOptions[] = []
  for (const [i, cell] of cells.entries()) {
    const picture = findPicture(state, person.userid, moment.pictures[i]!)
    if (!picture) continue
    const input = await sharp(picture.bytes).rotate().resize(cell.size, cell.size, { fit: 'cover' }).png().toBuffer()
    overlays.push({ input, left: cell.left, top: cell.top })
  }
  const cover = moment.link?.cover && findPicture(state, person.userid, moment.link.cover)
  if (cover) {
    const input = await sharp(cover.bytes).rotate().resize(84, 84, { fit: 'cover' }).png().toBuffer()
    overlays.push({ input, left: LEFT + 12, top: linkTop + 12 })
  }
  return sharp(base).composite(overlays).png().toBuffer()
}

function drawing(
  state: State,
  person: Person,
  moment: Moment,
  { lines, linkTop, footTop }: { lines: string[]; linkTop: number; footTop: number },
): string {
  const write = (x: number, y: number, size: number, fill: string, content: string, more = '') =>
    `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" ${FACE} ${more}>${escape(content)}</text>`
  const link = moment.link
    ? `<rect x="${LEFT}" y="${linkTop}" width="586" height="108" fill="#f3f3f5"/>
       <rect x="${LEFT + 12}" y="${linkTop + 12}" width="84" height="84" fill="#d5dae3"/>
       ${write(LEFT + 116, linkTop + 64, 28, '#1c2430', cut(moment.link.title, 15))}`
    : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <rect width="100%" height="100%" fill="#fff"/>
    <rect width="100%" height="136" fill="#ededed"/>
    ${write(48, 44, 26, '#111', clockTime(state.now()), 'font-weight="600"')}
    <rect x="656" y="22" width="48" height="24" rx="7" fill="none" stroke="#111" stroke-width="3"/><rect x="661" y="27" width="34" height="14" rx="3" fill="#111"/>
    <path d="M52 84 36 100l16 16" fill="none" stroke="#111" stroke-width="4"/>
    ${write(WIDTH / 2, 112, 34, '#111', moment.kind === 'wecom' ? '企业微信朋友圈' : '朋友圈', 'text-anchor="middle" font-weight="600"')}
    <rect x="32" y="176" width="80" height="80" rx="10" fill="${tint(person.userid)}"/>
    ${write(72, 226, 28, '#fff', initials(person.name), 'text-anchor="middle"')}
    ${write(LEFT, 208, 32, '#576b95', person.name, 'font-weight="600"')}
    ${lines.map((line, i) => write(LEFT, 256 + i * LINE, FONT, '#111', line)).join('')}
    ${link}
    ${write(LEFT, footTop, 24, '#8a8f98', fullTime(moment.at))}
  </svg>`
}

/** 1 large, 2 and 4 in two columns, the rest in three: as the Moments do. */
function grid(count: number): { left: number; top: number; size: number }[] {
  const columns = count === 1 ? 1 : count === 2 || count === 4 ? 2 : 3
  const size = count === 1 ? 380 : 186
  return Array.from({ length: count }, (_, i) => ({
    left: LEFT + (i % columns) * (size + 10),
    top: Math.floor(i / columns) * (size + 10),
    size,
  }))
}

function wrap(text: string): string[] {
  const lines = text.split('\n').flatMap((line) => {
    const characters = [...line]
    const count = Math.max(1, Math.ceil(characters.length / CHARACTERS_PER_LINE))
    return Array.from({ length: count }, (_, i) =>
      characters.slice(i * CHARACTERS_PER_LINE, (i + 1) * CHARACTERS_PER_LINE).join(''),
    )
  })
  return text === '' ? [] : lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '全文'] : lines
}

const cut = (text: string, limit: number): string => {
  const characters = [...text]
  return characters.length > limit ? `${characters.slice(0, limit).join('')}…` : text
}
