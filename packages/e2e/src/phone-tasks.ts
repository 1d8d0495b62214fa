import type { NewPush, NewTask } from '@qimeng/contract'
import { type Administrator, expect } from './fixtures.ts'
import { aPicture } from './pictures.ts'
import { aPush, aTask, createDueNow } from './tasks.ts'
import type { Wecom } from './wecom.ts'

/** A task of one push that is out: its card is on the phones. */
export interface Issued {
  taskId: string
  pushId: string
  /** Of the push; no two are equal, so that a card is found by it. */
  name: string
  /** Address of the push on the phone. */
  path: string
}

let issued = 0

/** Creates a task whose only push is due now, and waits for its card on the phone of 张三 or of the given executors. */
export async function issue(
  call: Administrator['call'],
  wecom: Wecom,
  push: Partial<NewPush> = {},
  task: Partial<NewTask> = {},
): Promise<Issued> {
  const name = `第 ${(issued += 1)} 条推送`
  const { id } = await createDueNow(call, (now) =>
    aTask({ ...task, pushes: [aPush({ name, scheduledAt: now, ...push })] }),
  )
  for (const userid of aTask(task).executors) await expect.poll(() => wecom.cardsOf(userid, name)).toHaveLength(1)
  const { pushes } = await call('GET /api/console/tasks/:taskId', { params: { taskId: id } })
  return { taskId: id, pushId: pushes[0]!.id, name, path: `/m/pushes/${pushes[0]!.id}` }
}

/** Uploads so many pictures for a push. @returns their ids */
export async function uploadPictures(
  call: Administrator['call'],
  count: number,
  purpose: 'content' | 'cover' = 'content',
): Promise<string[]> {
  const colours = ['#b8442f', '#d08a2e', '#6b7f3a', '#2f7f78', '#3b5fa0', '#7a4a8c', '#444', '#a75', '#57a']
  return Promise.all(
    colours.slice(0, count).map(async (colour, index) => {
      const { buffer } = await aPicture(`${index}.jpg`, colour)
      const image = new Blob([new Uint8Array(buffer)], { type: 'image/jpeg' })
      return (await call('POST /api/console/images', { image, query: { purpose } })).id
    }),
  )
}
