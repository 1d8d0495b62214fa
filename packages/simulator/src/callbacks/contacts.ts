import { departmentsOf, findPerson, inRange, listPeople, visibleRange, type Person, type Tag } from '../state/people.ts'
import { readSettings, type State } from '../state/state.ts'
import { contactEvent, memberEvent } from './events.ts'

/**
 * Changes one person's entry, and tells the app what it may know of it.
 * @param newUserid how the person is called afterwards
 */
export function changingPerson(state: State, userid: string, change: () => void, newUserid = userid): void {
  const before = seen(state, userid)
  change()
  const after = seen(state, newUserid)
  const renamed = newUserid === userid ? {} : { UserID: userid, NewUserID: newUserid }
  if (before && after) contactEvent(state, 'update_user', { ...personFields(state, after), ...renamed })
  else if (after) contactEvent(state, 'create_user', personFields(state, after))
  else if (before) contactEvent(state, 'delete_user', { UserID: before.userid })
  if (!before && after) memberEvent(state, after.userid, 'subscribe')
  if (before && !after) memberEvent(state, before.userid, 'unsubscribe')
}

/** Changes who sees the app: everybody who comes in or falls out is told of by name. */
export function changingRange(state: State, change: () => unknown): void {
  // A look at everybody takes a while in a large corp, so only if there is somebody to tell.
  if (!readSettings(state).callback) return void change()
  const before = everybodySeen(state)
  change()
  const after = everybodySeen(state)
  for (const userid of after) if (!before.has(userid)) memberEvent(state, userid, 'subscribe')
  for (const userid of before) if (!after.has(userid)) memberEvent(state, userid, 'unsubscribe')
}

export const tellTag = (state: State, { id }: Tag): number | undefined =>
  contactEvent(state, 'update_tag', { TagId: id })

function seen(state: State, userid: string): Person | undefined {
  const person = findPerson(state, userid)
  return person && inRange(state, visibleRange(state), person) ? person : undefined
}

function everybodySeen(state: State): Set<string> {
  const range = visibleRange(state)
  const people = listPeople(state).filter((person) => inRange(state, range, person))
  return new Set(people.map(({ userid }) => userid))
}

/** Only the departments that the app may see. */
function personFields(state: State, { userid, name, number, position, status }: Person) {
  const { departments } = visibleRange(state)
  const visible = departmentsOf(state, number).filter((id) => departments.has(id))
  return {
    UserID: userid,
    Name: name,
    Department: visible.join(','),
    MainDepartment: visible[0] ?? 0,
    Position: position,
    Status: status,
  }
}
