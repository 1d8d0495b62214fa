import sharp from 'sharp'

/** Shapes only, no words: a machine without Chinese fonts would draw boxes. */
const PALETTES = [
  ['#f6c7b6', '#d9583b', '#7a2417'],
  ['#cfe3d4', '#3f8f63', '#12452e'],
  ['#d5def5', '#4a69bd', '#1e2f66'],
  ['#f9e3b4', '#e2a12c', '#7d4e0b'],
  ['#ead6ee', '#9a5bb0', '#4b1f5c'],
  ['#cdebf0', '#2c9aab', '#0d4a54'],
] as const

const paletteOf = (number: number) => PALETTES[number % PALETTES.length] ?? PALETTES[0]

/** A product poster, each number another one. */
export async function aPoster(number: number): Promise<Blob> {
  const [pale, bright, deep] = paletteOf(number)
  const turn = (number * 37) % 360
  const wide = number % 3 === 1
  const [width, height] = wide ? [1440, 1080] : [1200, 1200]
  const discs = Array.from({ length: 9 }, (_, index) => {
    const angle = ((turn + index * 40) * Math.PI) / 180
    const x = width / 2 + Math.cos(angle) * width * 0.33
    const y = height / 2 + Math.sin(angle) * height * 0.33
    return `<circle cx="${x}" cy="${y}" r="${90 + ((number + index) % 4) * 34}" fill="${index % 2 ? bright : deep}" opacity="0.82"/>`
  })
  return draw(
    'jpeg',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="${pale}"/><stop offset="1" stop-color="#fff"/></linearGradient></defs>
      <rect width="100%" height="100%" fill="url(#g)"/>${discs.join('')}
      <rect x="${width / 2 - 170}" y="${height / 2 - 210}" width="340" height="420" rx="44" fill="#fff"/>
      <rect x="${width / 2 - 120}" y="${height / 2 - 150}" width="240" height="220" rx="24" fill="${bright}"/>
      <rect x="${width / 2 - 120}" y="${height / 2 + 96}" width="240" height="26" rx="13" fill="${deep}"/>
      <rect x="${width / 2 - 120}" y="${height / 2 + 140}" width="150" height="20" rx="10" fill="${pale}"/>
    </svg>`,
  )
}

/** A phone's screenshot of a published post, as an employee uploads it. */
export async function aScreenshot(number: number): Promise<Blob> {
  const [pale, bright, deep] = paletteOf(number)
  const grid = Array.from({ length: 3 }, (_, index) => {
    const fill = [bright, deep, pale][index]
    return `<rect x="${160 + index * 176}" y="330" width="168" height="168" fill="${fill}"/>`
  })
  const neighbours = Array.from({ length: 3 }, (_, index) => {
    const y = 640 + index * 210
    return `<rect x="40" y="${y}" width="92" height="92" rx="10" fill="#d8dce3"/><rect x="160" y="${y + 6}" width="${180 + ((number + index) % 3) * 40}" height="24" rx="12" fill="#9fb0cf"/><rect x="160" y="${y + 48}" width="${380 + ((number * 7 + index) % 5) * 24}" height="20" rx="10" fill="#e3e6ec"/><rect x="160" y="${y + 84}" width="260" height="20" rx="10" fill="#e3e6ec"/>`
  })
  return draw(
    'png',
    `<svg xmlns="http://www.w3.org/2000/svg" width="750" height="1334"><rect width="100%" height="100%" fill="#fff"/>
      <rect width="750" height="128" fill="#ededed"/><rect x="315" y="74" width="120" height="28" rx="14" fill="#9a9a9a"/>
      <rect x="40" y="180" width="92" height="92" rx="10" fill="${bright}"/><rect x="160" y="186" width="170" height="26" rx="13" fill="#5b6b95"/>
      <rect x="160" y="238" width="520" height="22" rx="11" fill="#3a3a3a"/><rect x="160" y="280" width="${300 + (number % 7) * 26}" height="22" rx="11" fill="#3a3a3a"/>
      ${grid.join('')}<rect x="160" y="530" width="${110 + (number % 5) * 12}" height="18" rx="9" fill="#c4c8d0"/>${neighbours.join('')}
    </svg>`,
  )
}

async function draw(type: 'png' | 'jpeg', svg: string): Promise<Blob> {
  const bytes = await sharp(Buffer.from(svg)).toFormat(type).toBuffer()
  return new Blob([new Uint8Array(bytes)], { type: `image/${type}` })
}
