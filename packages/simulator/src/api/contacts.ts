import {
  departmentsOf,
  findDepartment,
  findPerson,
  findTag,
  inRange,
  listDepartments,
  membersOf,
  visibleRange,
  withChildren,
  type Department,
  type Person,
} from '../state/people.ts'
import { readSettings, type State } from '../state/state.ts'
import type { Call, Endpoint } from './call.ts'
import { WecomError } from './errors.ts'

// What a self-built app may read (WECOM.md 8). Apps made after 2022-06-20 get no avatar, mobile, email and the like.

export const departmentList: Endpoint = {
  handle: (state, call) => ({ department: askedDepartments(state, call).map(departmentDetails) }),
}

export const departmentSimplelist: Endpoint = {
  handle: (state, call) => ({
    department_id: askedDepartments(state, call).map(({ id, parentid, sort }) => ({ id, parentid, order: sort })),
  }),
}

export const departmentGet: Endpoint = {
  handle(state, { query }) {
    const department = visibleDepartment(state, query.id)
    return { department: departmentDetails(department) }
  },
}

export const userSimplelist: Endpoint = {
  handle(state, { query }) {
    const { id } = visibleDepartment(state, query.department_id)
    const userlist = membersOf(state, id).map((person) => ({
      userid: person.userid,
      name: person.name,
      department: visibleDepartmentsOf(state, person),
    }))
    return { userlist }
  },
}

export const userList: Endpoint = {
  handle(state, { query }) {
    const { id } = visibleDepartment(state, query.department_id)
    return { userlist: membersOf(state, id).map((person) => userDetails(state, person)) }
  },
}

export const userGet: Endpoint = {
  handle(state, { query }) {
    if (!query.userid) throw new WecomError(41009, 'missing userid')
    const person = findPerson(state, query.userid)
    // Unknown and out of range are one and the same answer (WECOM.md 8, errors).
    if (!person || !inRange(state, visibleRange(state), person)) throw new WecomError(60111, 'userid not found')
    return userDetails(state, person)
  },
}

/** Refused to every app: only the 通讯录同步 secret may call it. */
export const userListId: Endpoint = {
  handle() {
    throw new WecomError(48002, 'api forbidden')
  },
}

export const tagGet: Endpoint = {
  handle(state, { query }) {
    if (!query.tagid) throw new WecomError(41017, 'missing tagid')
    const tag = findTag(state, Number(query.tagid))
    if (!tag || !readSettings(state).visible.tags.includes(tag.id)) throw new WecomError(40068, 'invalid tagid')
    const userlist = tag.userids.flatMap((userid) => findPerson(state, userid) ?? [])
    return {
      tagname: tag.name,
      userlist: userlist.map(({ userid, name }) => ({ userid, name })),
      partylist: tag.parties,
    }
  },
}

/** The departments below `id` (with itself), or all the app may see. */
function askedDepartments(state: State, { query }: Call): Department[] {
  const { departments } = visibleRange(state)
  const asked = query.id ? withChildren(state, [visibleDepartment(state, query.id).id]) : departments
  return listDepartments(state).filter(({ id }) => asked.has(id) && departments.has(id))
}

function visibleDepartment(state: State, id: string | undefined): Department {
  const department = findDepartment(state, Number(id))
  if (!department) throw new WecomError(60123, 'invalid party id')
  if (!visibleRange(state).departments.has(department.id)) {
    throw new WecomError(60011, 'no privilege to access/modify contact/party/agent')
  }
  return department
}

const departmentDetails = ({ id, name, parentid, sort }: Department) => ({
  id,
  name,
  department_leader: [],
  parentid,
  order: sort,
})

/** A member's departments as the app sees them: those out of its range are left out. */
function visibleDepartmentsOf(state: State, person: Person): number[] {
  const { departments } = visibleRange(state)
  return departmentsOf(state, person.number).filter((id) => departments.has(id))
}

function userDetails(state: State, person: Person) {
  const department = visibleDepartmentsOf(state, person)
  return {
    userid: person.userid,
    name: person.name,
    department,
    order: department.map(() => 0),
    position: person.position,
    is_leader_in_dept: department.map(() => (person.position === '店长' ? 1 : 0)),
    direct_leader: [],
    alias: '',
    status: person.status,
    main_department: department[0] ?? 0,
    extattr: { attrs: [] },
    telephone: '',
  }
}
