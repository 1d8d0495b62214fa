import { hasPostgres } from '../../../apps/server/src/test/postgres.ts'
import { details } from './details.ts'
import { due } from './due/due.ts'
import { exporting } from './exporting/exporting.ts'
import type { Figure } from './figures.ts'
import { cards } from './growth/cards.ts'
import { claims } from './growth/claims.ts'
import { crowd } from './growth/crowd.ts'
import { growth } from './growth/questions.ts'
import { list } from './list.ts'
import { phone } from './phone/phone.ts'
import type { Scale } from './scale.ts'
import { search } from './search.ts'
import { start } from './start.ts'
import { uploading } from './uploading/uploading.ts'

/** Each measures something and returns what is printed. `pnpm bench growth` means all that begin so. */
export const BENCHES: Record<string, (scale: Scale) => Promise<Figure[]>> = {
  list,
  search,
  details,
  growth,
  'growth-cards': cards,
  'growth-claims': claims,
  // Many processes need PostgreSQL.
  ...(hasPostgres() ? { 'growth-crowd': crowd } : {}),
  due,
  upload: uploading,
  phone,
  export: exporting,
  start,
}
