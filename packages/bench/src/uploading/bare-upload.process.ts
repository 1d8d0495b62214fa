import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import express from 'express'
import multer from 'multer'
import sharp from 'sharp'
import { answerUsed } from '../used.ts'

// An upload as the shortest program one might write: multer, sharp, two files, a row. No session, no check, no fsync, no log.
const folder = process.argv[2]!
mkdirSync(folder, { recursive: true })
const db = new Sqlite(join(folder, 'bare.db'))
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec('create table images (id text primary key, sha256 text, width integer, height integer)')
const insert = db.prepare('insert into images values (?, ?, ?, ?)')
sharp.cache(false)

const app = express()
app.post('/', multer({ storage: multer.memoryStorage() }).single('image'), async (request, response) => {
  const id = randomUUID()
  const upright = sharp(request.file!.buffer).autoOrient().flatten({ background: 'white' })
  const { data, info } = await upright.jpeg({ quality: 90 }).toBuffer({ resolveWithObject: true })
  const thumb = await sharp(data).resize({ width: 320, height: 320, fit: 'inside' }).webp({ quality: 80 }).toBuffer()
  await writeFile(join(folder, `${id}.jpg`), data)
  await writeFile(join(folder, `${id}.webp`), thumb)
  insert.run(id, createHash('sha256').update(data).digest('hex'), info.width, info.height)
  response.json({ id, width: info.width, height: info.height })
})
const server = app.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
answerUsed()
process.once('SIGTERM', () => process.exit(0))
