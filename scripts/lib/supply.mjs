/** Licences that ask for no more than their notice. Anything else is for a person to read before it comes in. */
const FREE = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Zlib',
])

/** Read by a person, and why each may be there. */
export const READ = {
  'LGPL-3.0-or-later': 'libvips, which sharp loads as a library of its own: used unchanged, and replaceable',
}

/**
 * Whether a licence expression, such as "(MIT OR GPL-3.0)" or "Apache-2.0 AND LGPL-3.0-or-later", leaves us free: of an OR one
 * of them, of an AND all.
 */
export function isFree(expression) {
  const text = expression.replace(/^\((.*)\)$/, '$1')
  if (text.includes(' OR ')) return text.split(' OR ').some(isFree)
  return text.split(' AND ').every((name) => FREE.has(name) || name in READ)
}

/** `pnpm licenses list --json` as lines, those that somebody has to read apart. */
export function judgeLicences(byLicence) {
  const lines = Object.entries(byLicence)
    .toSorted(([, some], [, others]) => others.length - some.length)
    .map(([licence, packages]) => ({ licence, names: packages.map(({ name }) => name).toSorted() }))
  return { lines, foreign: lines.filter(({ licence }) => !isFree(licence)) }
}

/**
 * What `pnpm audit --json` has found out. A registry that does not know of vulnerabilities at all is no good news, and is
 * told apart from one that knows of none.
 * @returns undefined when the registry does not offer it
 */
export function readAudit(output) {
  const start = output.indexOf('{')
  if (/ERR_PNPM_AUDIT/.test(output) || start < 0) return undefined
  try {
    const { advisories = {} } = JSON.parse(output.slice(start))
    return Object.values(advisories).map(({ module_name, severity, title, url }) => ({
      module_name,
      severity,
      title,
      url,
    }))
  } catch {
    return undefined
  }
}
