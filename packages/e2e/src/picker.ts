import type { Locator, Page } from '@playwright/test'

/** The dialog 「选择执行员工」. */
export interface Picker {
  dialog: Locator
  search: Locator
  /** 「已选 12/100」. */
  counter: Locator
  /** The message that all places are taken or a department does not fit. */
  notes: Locator
  department(name: string): Locator
  /** 「全选本部门」: a click on its words, as a person's. */
  wholeDepartment: Locator
  people: Locator
  person(name: string | RegExp): Locator
  chosen: Locator
  remove(name: string): Promise<void>
  done(): Promise<void>
}

export async function openPicker(page: Page): Promise<Picker> {
  await page.getByRole('button', { name: '选择员工' }).click()
  return picker(page)
}

export function picker(page: Page): Picker {
  const dialog = page.getByRole('dialog', { name: '选择执行员工' })
  const people = dialog.getByRole('region', { name: '员工', exact: true })
  const chosen = dialog.getByRole('region', { name: '已选员工' })
  return {
    dialog,
    search: dialog.getByLabel('搜索员工'),
    counter: chosen.getByText(/^已选 \d+\/\d+$/),
    notes: people.getByRole('status'),
    department: (name) => dialog.getByRole('treeitem', { name }),
    wholeDepartment: people.getByText('全选本部门'),
    people: people.getByRole('listbox', { name: '员工' }),
    person: (name) => people.getByRole('option', { name }),
    chosen,
    remove: (name) => chosen.getByRole('button', { name: `移除${name}`, exact: true }).click(),
    done: () => dialog.getByRole('button', { name: '确定', exact: true }).click(),
  }
}
