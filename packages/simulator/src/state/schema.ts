import type Database from 'better-sqlite3'

/** The simulator's whole memory. One SQLite file (or memory), so that a restarted WeCom remembers what it was told. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS departments (
  id INTEGER PRIMARY KEY, parentid INTEGER NOT NULL, name TEXT NOT NULL, sort INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS people (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  userid TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL, position TEXT NOT NULL,
  licensed INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS members (
  department INTEGER NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (department, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_by_person ON members (number, place);
CREATE TABLE IF NOT EXISTS tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL, userids TEXT NOT NULL, parties TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, expires INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tickets (kind TEXT NOT NULL, ticket TEXT NOT NULL, expires INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS codes (
  code TEXT PRIMARY KEY, userid TEXT NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);

CREATE TABLE IF NOT EXISTS messages (
  msgid TEXT PRIMARY KEY, at INTEGER NOT NULL, msgtype TEXT NOT NULL, content TEXT NOT NULL,
  task_id TEXT UNIQUE, recalled INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  msgid TEXT NOT NULL, userid TEXT NOT NULL COLLATE NOCASE, at INTEGER NOT NULL,
  read INTEGER NOT NULL DEFAULT 0, update_json TEXT);
CREATE INDEX IF NOT EXISTS deliveries_by_person ON deliveries (userid, at);
CREATE INDEX IF NOT EXISTS deliveries_by_message ON deliveries (msgid);
CREATE TABLE IF NOT EXISTS sent_bodies (hash TEXT PRIMARY KEY, at INTEGER NOT NULL, reply TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS response_codes (
  code TEXT PRIMARY KEY, msgid TEXT NOT NULL, expires INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);

CREATE TABLE IF NOT EXISTS media (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, type TEXT NOT NULL, filename TEXT NOT NULL, bytes BLOB NOT NULL,
  at INTEGER NOT NULL, expires INTEGER);

CREATE TABLE IF NOT EXISTS calls (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
  query TEXT NOT NULL, body TEXT NOT NULL, errcode INTEGER, outcome TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY AUTOINCREMENT, remaining INTEGER NOT NULL, rule TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS phones (userid TEXT PRIMARY KEY COLLATE NOCASE, clipboard TEXT NOT NULL DEFAULT '', options TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS cookies (
  userid TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL, path TEXT NOT NULL, value TEXT NOT NULL, expires INTEGER,
  PRIMARY KEY (userid, name, path));
CREATE TABLE IF NOT EXISTS pictures (
  id TEXT PRIMARY KEY, userid TEXT NOT NULL COLLATE NOCASE, at INTEGER NOT NULL, name TEXT NOT NULL,
  type TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, bytes BLOB NOT NULL, in_album INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS pictures_by_person ON pictures (userid, at);
CREATE TABLE IF NOT EXISTS moments (
  id INTEGER PRIMARY KEY AUTOINCREMENT, userid TEXT NOT NULL COLLATE NOCASE, at INTEGER NOT NULL,
  kind TEXT NOT NULL, text TEXT NOT NULL, pictures TEXT NOT NULL, link TEXT);
CREATE INDEX IF NOT EXISTS moments_by_person ON moments (userid, at);
`

/** What came later, for the files of those who began earlier: the version of a file is how many of these it has seen. */
const UPGRADES = [
  `ALTER TABLE response_codes ADD COLUMN userid TEXT;
   CREATE TABLE callbacks (
     id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, event TEXT NOT NULL, xml TEXT NOT NULL,
     outcome TEXT NOT NULL, attempts TEXT NOT NULL, request TEXT)`,
  `ALTER TABLE people ADD COLUMN status INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE codes ADD COLUMN outsider TEXT`,
]

export function upgrade(db: Database.Database): void {
  const seen = db.pragma('user_version', { simple: true }) as number
  for (const step of UPGRADES.slice(seen)) db.exec(step)
  db.pragma(`user_version = ${UPGRADES.length}`)
}

/** Every table, for a reset. */
export const TABLES = [
  ...['settings', 'departments', 'people', 'members', 'tags', 'tokens', 'tickets', 'codes', 'messages', 'deliveries'],
  ...['sent_bodies', 'response_codes', 'media', 'calls', 'faults', 'phones', 'cookies', 'pictures', 'moments'],
  'callbacks',
]
