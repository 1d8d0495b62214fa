import { computed, reactive, ref } from 'vue'

const LEAST = 0.2
const MOST = 6

/** Which of several pictures is on the stage, and how it lies there. */
export function useStage(count: () => number) {
  const index = ref(0)
  const zoom = ref(1)
  const quarter = ref(0)
  const shift = reactive({ x: 0, y: 0 })
  let held: { x: number; y: number } | undefined

  function reset(): void {
    zoom.value = 1
    Object.assign(shift, { x: 0, y: 0 })
  }

  function show(place: number): void {
    index.value = place
    quarter.value = 0
    reset()
  }

  return {
    index,
    zoom,
    transform: computed(
      () => `translate(${shift.x}px, ${shift.y}px) scale(${zoom.value}) rotate(${quarter.value * 90}deg)`,
    ),
    show,
    reset,
    step: (steps: number) => show((index.value + steps + count()) % count()),
    rotate: () => void quarter.value++,
    zoomBy(factor: number): void {
      zoom.value = Math.min(MOST, Math.max(LEAST, zoom.value * factor))
    },
    grab(event: PointerEvent): void {
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      held = { x: event.clientX - shift.x, y: event.clientY - shift.y }
    },
    drag(event: PointerEvent): void {
      if (held) Object.assign(shift, { x: event.clientX - held.x, y: event.clientY - held.y })
    },
    release: () => (held = undefined),
  }
}
