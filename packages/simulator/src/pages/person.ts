import { departmentLabel, type Person } from '../state/people.ts'
import type { State } from '../state/state.ts'
import { avatar } from './avatar.ts'
import { html, type Html } from './html.ts'

/**
 * A person in a list. `control` is the link or button that carries the name and covers the whole row; what stands beside it
 * describes it.
 */
export function personRow(state: State, person: Person, control: Html, aside?: Html | false): Html {
  return html`<li class="person">
    ${avatar(person)}
    <div class="person-text">
      ${control}
      <small id="about-${person.number}">${departmentLabel(state, person.number)} · ${person.position}</small>
    </div>
    ${aside}
  </li>`
}
