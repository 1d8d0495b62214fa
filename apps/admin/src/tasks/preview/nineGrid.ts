/** Columns of Moments' grid: four pictures stand two by two, otherwise three abreast; one alone is drawn large. */
export function gridColumns(count: number): number {
  if (count <= 1) return 1
  return count === 4 ? 2 : 3
}

/** A single picture fits a square of two thirds of the text's width, in its own proportions but no thinner than 1:3. */
export function singleSize(width: number, height: number, box: number): { width: number; height: number } {
  const ratio = Math.min(3, Math.max(1 / 3, width / height))
  return ratio >= 1 ? { width: box, height: Math.round(box / ratio) } : { width: Math.round(box * ratio), height: box }
}
