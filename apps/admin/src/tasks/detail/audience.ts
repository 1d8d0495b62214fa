/** Whom a reminder is about: who was chosen, else whoever the filter finds, else all who are 待执行. */
export interface Audience {
  kind: 'chosen' | 'filtered' | 'all'
  people: number
}

export function audienceOf(
  { chosen, found }: { chosen: number; found: number | undefined },
  pending: number,
): Audience {
  if (chosen > 0) return { kind: 'chosen', people: chosen }
  if (found !== undefined) return { kind: 'filtered', people: found }
  return { kind: 'all', people: pending }
}

const WORDS: Record<Audience['kind'], string> = { chosen: '已选', filtered: '筛选结果', all: '全部待执行' }

/** As the button says it: 「已选 3 人」「筛选结果 12 人」「全部待执行 97 人」. */
export const audienceWords = ({ kind, people }: Audience): string => `${WORDS[kind]} ${people} 人`

/** As the dialog says it, before anything is sent: who gets a reminder, and who does not. */
export function audienceSentence({ kind, people }: Audience, pending: number): string {
  if (kind === 'all') return `将提醒全部 ${people} 名待执行员工。`
  const whom = kind === 'chosen' ? `已选的 ${people} 名员工` : `筛选结果中的 ${people} 名待执行员工`
  const rest = pending - people
  return rest > 0 ? `只提醒${whom}，其他 ${rest} 名待执行员工不会收到提醒。` : `将提醒${whom}。`
}
