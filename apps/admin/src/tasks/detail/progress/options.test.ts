import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { expect, it } from 'vitest'
import { timelineOption } from './options.ts'

use([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer])

const palette = {
  brand: '#000',
  wash: '#000',
  line: '#000',
  ink: '#000',
  faint: '#000',
  paper: '#000',
  font: 'sans-serif',
}
/** Of a digit (px) of 11 px; the others in a time are narrower. */
const DIGIT = 6.2

/** From where to where (px) the times below a chart of this width reach. */
function timesBelow(width: number, steps: number): [from: number, to: number][] {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: 104 })
  const step = (index: number) => ({ short: `11-23 1${index % 10}:30`, long: '', done: 1, sum: index })
  chart.setOption({ animation: false, ...timelineOption(Array.from({ length: steps }, (_, at) => step(at)))(palette) })
  const texts = [...chart.renderToSVGString().matchAll(/<text([^>]*)>([^<]*:[^<]*)</g)]
  chart.dispose()
  return texts.map(([, look = '', words = '']) => {
    const at = Number(/translate\(([-\d.]+)/.exec(look)![1])
    const long = words.length * DIGIT
    const from = look.includes('"middle"') ? at - long / 2 : look.includes('"end"') ? at - long : at
    return [from, from + long]
  })
}

it('cuts no time off, however narrow the window becomes', () => {
  for (const width of [300, 368, 470, 640]) {
    for (const steps of [5, 24, 41, 48]) {
      const times = timesBelow(width, steps)
      expect(times.length, `${steps} steps on ${width} px`).toBeGreaterThan(1)
      for (const [from, to] of times) {
        expect(from, `${steps} steps on ${width} px`).toBeGreaterThanOrEqual(0)
        expect(to, `${steps} steps on ${width} px`).toBeLessThanOrEqual(width)
      }
    }
  }
})
