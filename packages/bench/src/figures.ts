/** One line of the table: ours beside the bare thing of the same run. */
export interface Figure {
  what: string
  ours: number
  /** The bare thing, or what the bar compares with. */
  bare?: number
  unit: 'req/s' | 'rows/s' | 'tasks/s' | 'ms' | 's' | 'MB'
  /** What ours divided by bare must at least, or may at most, be. */
  bar?: { atLeast: number } | { atMost: number }
}

export const ratioOf = ({ ours, bare }: Figure) => (bare === undefined ? undefined : ours / bare)

export function isHeld(figure: Figure): boolean | undefined {
  const ratio = ratioOf(figure)
  if (!figure.bar || ratio === undefined) return undefined
  return 'atLeast' in figure.bar ? ratio >= figure.bar.atLeast : ratio <= figure.bar.atMost
}

export function toTable(figures: Figure[]): string {
  const lines = figures.map((figure) => [
    figure.what,
    shown(figure.ours),
    figure.bare === undefined ? '' : shown(figure.bare),
    figure.unit,
    ratioOf(figure)?.toFixed(2) ?? '',
    barOf(figure),
    { true: 'held', false: 'NOT HELD', undefined: '' }[String(isHeld(figure))]!,
  ])
  return inColumns([['', 'ours', 'bare', '', 'ratio', 'bar', ''], ...lines])
}

const shown = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

function barOf({ bar }: Figure): string {
  if (!bar) return ''
  return 'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`
}

export function inColumns(lines: string[][]): string {
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => widthOf(line[at]!))))
  const padded = lines.map((line) => line.map((cell, at) => cell + ' '.repeat(widths[at]! - widthOf(cell))))
  return padded.map((cells) => `${cells.join('  ').trimEnd()}\n`).join('')
}

/** A Chinese character fills two columns of a terminal. */
const widthOf = (text: string) =>
  [...text].reduce((sum, letter) => sum + (/\p{Script=Han}|[「」]/u.test(letter) ? 2 : 1), 0)
