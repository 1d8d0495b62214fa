import { due } from './due/due.ts'
import { exporting } from './exporting/exporting.ts'
import type { Figure } from './figures.ts'
import { growth } from './growth.ts'
import { list } from './list.ts'
import type { Scale } from './scale.ts'
import { search } from './search.ts'

/** A file each; it measures and returns what is printed. */
export const BENCHES: Record<string, (scale: Scale) => Promise<Figure[]>> = {
  list,
  search,
  growth,
  due,
  export: exporting,
}
