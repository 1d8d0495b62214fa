/** Why PostgreSQL lets nobody in, by its SQLSTATE or the system's code, and what to do. */
const CURES: [pattern: RegExp, cure: string][] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'No machine has this name: correct DATABASE_URL, or ask who keeps your DNS.'],
  [
    /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/,
    'Nothing answers there: is PostgreSQL running, and does it listen there?',
  ],
  [/^28/, 'It refuses the user or the password: correct DATABASE_URL, or pg_hba.conf.'],
  [/^3D000$/, 'There is no such database: create it (docs/deploy.md), or correct DATABASE_URL.'],
  [/^42501$/, 'The user may not use this database: make it its owner.'],
]

/** The database cannot be opened, and an operator can do something about it. Says where it was looked for, without the password. */
export class DatabaseUnreachable extends Error {
  constructor(url: string, cause: { code: string }) {
    const { host, pathname, searchParams } = new URL(url)
    const place = searchParams.get('host') || host || 'localhost' // The parameter names the folder of a socket.
    super(`PostgreSQL at ${place}, database ${decodeURIComponent(pathname.slice(1))}: ${cureOf(cause)}`, { cause })
    this.name = 'DatabaseUnreachable'
  }
}

export const isUnreachable = (error: unknown): error is { code: string } => cureOf(error) !== undefined

function cureOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown }
  return CURES.find(([pattern]) => typeof code === 'string' && pattern.test(code))?.[1]
}
