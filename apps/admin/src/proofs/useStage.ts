import { computed, reactive, ref } from 'vue'

/** 1 is the whole picture in sight: smaller shows nothing more. */
const LEAST = 1
const MOST = 8

export interface Size {
  width: number
  height: number
}
interface Point {
  x: number
  y: number
}

/**
 * Which of several pictures is on the stage, and how it lies there: fitted in, then zoomed, turned and moved, never further
 * than its own edge.
 * @param box the stage, in CSS pixels; points are measured from its middle
 */
export function useStage(pictures: () => readonly Size[], box: Size) {
  const index = ref(0)
  const zoom = ref(1)
  const quarters = ref(0)
  const shift = reactive<Point>({ x: 0, y: 0 })
  let held: Point | undefined

  /** The picture as it fits in, before it is turned. */
  const fitted = computed<Size>(() => {
    const { width, height } = pictures()[index.value] ?? { width: 1, height: 1 }
    const [across, down] = quarters.value % 2 ? [height, width] : [width, height]
    const scale = Math.min(1, box.width / across, box.height / down)
    return { width: width * scale, height: height * scale }
  })
  /** How far (px) it may be moved either way: as far as it reaches beyond the stage. */
  const room = computed<Point>(() => {
    const { width, height } = fitted.value
    const [across, down] = quarters.value % 2 ? [height, width] : [width, height]
    return {
      x: Math.max(0, (across * zoom.value - box.width) / 2),
      y: Math.max(0, (down * zoom.value - box.height) / 2),
    }
  })

  function moveTo({ x, y }: Point): void {
    shift.x = clamp(x, -room.value.x, room.value.x)
    shift.y = clamp(y, -room.value.y, room.value.y)
  }
  function reset(): void {
    zoom.value = 1
    moveTo({ x: 0, y: 0 })
  }
  function show(place: number): void {
    index.value = place
    quarters.value = 0
    reset()
  }

  return {
    index,
    zoom,
    fitted,
    movable: computed(() => room.value.x > 0 || room.value.y > 0),
    transform: computed(
      () => `translate(${shift.x}px, ${shift.y}px) scale(${zoom.value}) rotate(${quarters.value * 90}deg)`,
    ),
    smallest: computed(() => zoom.value <= LEAST),
    largest: computed(() => zoom.value >= MOST),
    show,
    reset,
    /** Round the ends. */
    step: (steps: number) => show((index.value + steps + pictures().length) % pictures().length),
    rotate(): void {
      quarters.value++
      reset()
    },
    /** What lies under that point stays there. */
    zoomBy(factor: number, at: Point = { x: 0, y: 0 }): void {
      const before = zoom.value
      zoom.value = clamp(before * factor, LEAST, MOST)
      const grown = zoom.value / before
      moveTo({ x: at.x - (at.x - shift.x) * grown, y: at.y - (at.y - shift.y) * grown })
    },
    grab: ({ x, y }: Point) => void (held = { x: x - shift.x, y: y - shift.y }),
    drag({ x, y }: Point): void {
      if (held) moveTo({ x: x - held.x, y: y - held.y })
    },
    release: () => void (held = undefined),
  }
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))
