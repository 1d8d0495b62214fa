import type { EChartsCoreOption } from 'echarts/core'
import type { Step } from './steps.ts'

/** The console's own colours, read from theme.css where the chart stands. */
export interface Palette {
  brand: string
  wash: string
  line: string
  ink: string
  faint: string
  paper: string
  font: string
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    brand: colour('brand'),
    wash: colour('brand-wash'),
    line: colour('line'),
    ink: colour('ink'),
    faint: colour('ink-faint'),
    paper: colour('paper'),
    font: style.fontFamily,
  }
}

/** What is done of the whole, as a ring; the number in its middle is text of the page. */
export const ringOption =
  (done: number, executions: number) =>
  ({ brand, line }: Palette): EChartsCoreOption => ({
    series: {
      type: 'pie',
      radius: ['78%', '98%'],
      silent: true,
      label: { show: false },
      emphasis: { disabled: true },
      data: [
        { value: done, itemStyle: { color: brand } },
        { value: executions === 0 ? 1 : executions - done, itemStyle: { color: line } },
      ],
    },
  })

const TIME_SIZE = 11
/** How wide a digit is, of its height. */
const DIGIT = 0.57

/** When people were done: a bar for each step, and a line that adds them up. */
export const timelineOption =
  (steps: Step[]) =>
  ({ brand, line, ink, faint, paper, font }: Palette): EChartsCoreOption => ({
    textStyle: { fontFamily: font, color: faint },
    grid: {
      left: 4,
      // The last time stands in the middle below its bar, and would be cut off beside it.
      right: ((steps[0]?.short.length ?? 0) * TIME_SIZE * DIGIT) / 2,
      top: 12,
      bottom: 0,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'category',
      data: steps.map(({ short }) => short),
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      axisLabel: { color: faint, fontSize: TIME_SIZE, hideOverlap: true },
    },
    yAxis: [
      {
        type: 'value',
        minInterval: 1,
        splitNumber: 2,
        axisLabel: { color: faint, fontSize: 11 },
        splitLine: { lineStyle: { color: line } },
      },
      { type: 'value', show: false, min: 0 },
    ],
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: paper,
      borderColor: line,
      textStyle: { color: ink, fontSize: 12, fontFamily: font },
      axisPointer: { type: 'shadow', shadowStyle: { opacity: 0.3 } },
      formatter: (points: { dataIndex: number }[]) => {
        const { long, done, sum } = steps[points[0]?.dataIndex ?? 0]!
        return `${long}\n执行 ${done} 人，累计 ${sum} 人`
      },
    },
    series: [
      {
        type: 'bar',
        data: steps.map(({ done }) => done),
        barMaxWidth: 18,
        itemStyle: { color: brand, borderRadius: [3, 3, 0, 0] },
      },
      {
        type: 'line',
        yAxisIndex: 1,
        data: steps.map(({ sum }) => sum),
        showSymbol: false,
        silent: true,
        itemStyle: { color: brand },
        lineStyle: { color: brand, width: 1.5, opacity: 0.45 },
        areaStyle: { color: brand, opacity: 0.07 },
      },
    ],
  })
