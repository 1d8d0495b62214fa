/** Longest side of a shrunk screenshot, pixels. */
export const LONGEST_SIDE = 2000
/** A long scrolled screenshot keeps this width, or its writing could not be read any more. */
export const LEGIBLE_SIDE = 720
/** Safari on older phones refuses canvases of more than 16.7 million pixels. */
const CANVAS_PIXELS = 16_000_000

export interface Size {
  width: number
  height: number
}

/** How large a picture is drawn: no side over 2000 px, except that a long screenshot stays legible; never enlarged. */
export function shrunkSize({ width, height }: Size): Size {
  const toFit = LONGEST_SIDE / Math.max(width, height)
  const toRead = LEGIBLE_SIDE / Math.min(width, height)
  const toDraw = Math.sqrt(CANVAS_PIXELS / (width * height))
  const scale = Math.min(1, Math.max(toFit, toRead), toDraw)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
