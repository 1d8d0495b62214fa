import sharp from 'sharp'
import { newId, type State } from '../state/state.ts'

/** A picture on the phone; its id is also the JS-SDK's localId. */
export interface Picture {
  id: string
  at: number
  name: string
  type: string
  width: number
  height: number
}

const COLUMNS = 'id, at, name, type, width, height'

/** Keeps a picture on the phone, as the bytes are. Throws when it is no picture. */
export async function addPicture(
  state: State,
  userid: string,
  picture: { bytes: Buffer; name: string },
  inAlbum = true,
): Promise<Picture> {
  const { width, height, format, autoOrient } = await sharp(picture.bytes).metadata()
  const row = {
    id: newId('wxLocalResource-', 8),
    at: state.now(),
    name: picture.name,
    type: format === 'svg' ? 'image/svg+xml' : `image/${format}`,
    width: autoOrient?.width ?? width,
    height: autoOrient?.height ?? height,
  }
  state
    .sql('INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(row.id, userid, row.at, row.name, row.type, row.width, row.height, picture.bytes, inAlbum ? 1 : 0)
  state.events.emit('phone', userid)
  return row
}

/** The album, newest first. Pictures that belong to a published moment only are not in it. */
export const readAlbum = (state: State, userid: string): Picture[] =>
  state
    .sql<[string], Picture>(
      `SELECT ${COLUMNS} FROM pictures WHERE userid = ? AND in_album = 1 ORDER BY at DESC, rowid DESC`,
    )
    .all(userid)

export const findPicture = (state: State, userid: string, id: string): (Picture & { bytes: Buffer }) | undefined =>
  state
    .sql<[string, string], Picture & { bytes: Buffer }>(
      `SELECT ${COLUMNS}, bytes FROM pictures WHERE userid = ? AND id = ?`,
    )
    .get(userid, id)

export function removePicture(state: State, userid: string, id: string): void {
  state.sql('UPDATE pictures SET in_album = 0 WHERE userid = ? AND id = ?').run(userid, id)
  state.events.emit('phone', userid)
}
