import type { PersonRef } from '@qimeng/contract'

/** The others, without this one. */
export const without = (people: readonly PersonRef[], gone: PersonRef): PersonRef[] =>
  people.filter(({ userid }) => userid !== gone.userid)

/** What 「全选本部门」 can do, said before anybody presses it. */
export interface DepartmentOffer {
  /** How much of the department is chosen already. */
  chosen: 'all' | 'some' | 'none'
  /** Why it cannot be taken as a whole; empty when it can. */
  refusal: string
}

/**
 * @param people in the department and below it
 * @param chosen of them, as far as they are loaded
 * @param room how many more may be chosen
 */
export function offerDepartment(people: number, chosen: number, room: number): DepartmentOffer {
  const missing = people - chosen
  if (people > 0 && missing === 0) return { chosen: 'all', refusal: '' }
  const already = chosen > 0 ? `（已选 ${chosen} 人）` : ''
  return {
    chosen: chosen > 0 ? 'some' : 'none',
    refusal: missing > room ? `还可选 ${room} 人，本部门有 ${people} 人${already}，不能全选` : '',
  }
}
