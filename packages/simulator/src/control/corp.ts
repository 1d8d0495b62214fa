import type { Router } from 'express'
import { changingPerson, changingRange, tellTag } from '../callbacks/contacts.ts'
import { resetCorp } from '../seed/corp.ts'
import {
  addPerson,
  changeTag,
  departmentsOf,
  findPerson,
  findTag,
  inRange,
  listDepartments,
  listPeople,
  removePerson,
  renamePerson,
  type Tag,
  visibleRange,
} from '../state/people.ts'
import { readSettings, writeSettings, type Settings, type State } from '../state/state.ts'
import { phoneOrigin } from '../phone/hosts.ts'
import { ControlError, numberIn, personAt, textIn } from './input.ts'

type Visible = Settings['visible']

/** The corp as its administrator sees and changes it. */
export function corpControl(router: Router, state: State, defaultPeople: number): void {
  router.get('/corp', (_request, response) => {
    const range = visibleRange(state)
    response.json({
      ...state.corp,
      appUrl: state.appUrl,
      visible: readSettings(state).visible,
      departments: listDepartments(state).map(({ id, name, parentid }) => ({ id, name, parentid })),
      people: listPeople(state).map((person) => ({
        userid: person.userid,
        name: person.name,
        position: person.position,
        departments: departmentsOf(state, person.number),
        licensed: person.licensed === 1,
        visible: inRange(state, range, person),
        phone: `${phoneOrigin(state, person)}/__phone/`,
      })),
    })
  })

  router.post('/reset', (request, response) => {
    resetCorp(state, numberIn(request.body, 'people', defaultPeople))
    response.json({ ok: true })
  })
  router.post('/corp', (request, response) => {
    resetCorp(state, numberIn(request.body, 'people'))
    response.json({ ok: true })
  })

  router.post('/people', (request, response) => {
    const { body } = request as { body: Record<string, unknown> }
    const userid = freeUserid(body)
    const departments = Array.isArray(body.departments) ? body.departments.map(Number) : [1]
    const position = typeof body.position === 'string' ? body.position : ''
    const person = { userid, name: textIn(body, 'name'), position, departments, licensed: body.licensed !== false }
    changingPerson(
      state,
      userid,
      state.db.transaction(() => addPerson(state, person)),
    )
    response.json({ ok: true })
  })
  router.patch('/people/:userid', (request, response) => {
    const person = personAt(state, request.params.userid)
    const { body } = request as { body: Record<string, unknown> }
    const newUserid = body.userid === undefined ? person.userid : freeUserid(body)
    const change = state.db.transaction(() => {
      if (newUserid !== person.userid) renamePerson(state, person, newUserid)
      if (body.name !== undefined)
        state.sql('UPDATE people SET name = ? WHERE number = ?').run(textIn(body, 'name'), person.number)
      if (body.licensed !== undefined)
        state.sql('UPDATE people SET licensed = ? WHERE number = ?').run(body.licensed ? 1 : 0, person.number)
      if (body.status !== undefined)
        state.sql('UPDATE people SET status = ? WHERE number = ?').run(statusIn(body), person.number)
      if (Array.isArray(body.departments)) {
        state.sql('DELETE FROM members WHERE number = ?').run(person.number)
        body.departments.forEach((id, place) =>
          state.sql('INSERT INTO members VALUES (?, ?, ?)').run(Number(id), person.number, place),
        )
      }
    })
    changingPerson(state, person.userid, change, newUserid)
    response.json({ ok: true })
  })
  router.delete('/people/:userid', (request, response) => {
    const person = personAt(state, request.params.userid)
    changingPerson(
      state,
      person.userid,
      state.db.transaction(() => removePerson(state, person.userid)),
    )
    response.json({ ok: true })
  })

  router.put('/visible', (request, response) => {
    const { visible } = readSettings(state)
    const { users = visible.users, parties = visible.parties, tags = visible.tags } = request.body as Partial<Visible>
    changingRange(state, () => writeSettings(state, { visible: { users, parties, tags } }))
    response.json({ ok: true })
  })

  router.put('/tags/:id', (request, response) => {
    const tag = findTag(state, Number(request.params.id))
    if (!tag) throw new ControlError('no such tag')
    const { userids = tag.userids, parties = tag.parties } = request.body as Partial<Tag>
    changingRange(state, () => changeTag(state, { ...tag, userids, parties }))
    tellTag(state, tag)
    response.json({ ok: true })
  })

  function statusIn(body: Record<string, unknown>): number {
    const status = numberIn(body, 'status')
    if (![1, 2, 4, 5].includes(status)) throw new ControlError('status is 1, 2, 4 or 5 (WECOM.md 4.6)')
    return status
  }

  function freeUserid(body: Record<string, unknown>): string {
    const userid = textIn(body, 'userid')
    if (!/^[0-9A-Za-z][\w\-@.]{0,63}$/.test(userid)) throw new ControlError('userid is not legal (WECOM.md 0.2)')
    if (findPerson(state, userid)) throw new ControlError(`userid ${userid} is taken`)
    return userid
  }
}
