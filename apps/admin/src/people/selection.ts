import type { PersonRef } from '@qimeng/contract'

/** Adds people who are not chosen yet; all or none, so that nobody wonders who was left out. */
export function addAll(
  chosen: readonly PersonRef[],
  more: readonly PersonRef[],
  most: number,
): { chosen: PersonRef[]; problem?: string } {
  const known = new Set(chosen.map(({ userid }) => userid))
  const all = [...chosen, ...more.filter(({ userid }) => !known.has(userid))]
  if (all.length <= most) return { chosen: all }
  return {
    chosen: [...chosen],
    problem: `加上已选的 ${chosen.length} 人会达到 ${all.length} 人，超过上限 ${most} 人，没有添加`,
  }
}

/** Adds or takes away one person. */
export function toggle(chosen: readonly PersonRef[], person: PersonRef): PersonRef[] {
  const rest = chosen.filter(({ userid }) => userid !== person.userid)
  return rest.length < chosen.length ? rest : [...chosen, person]
}
