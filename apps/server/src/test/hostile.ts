import type { Endpoint } from '@qimeng/contract'
import fc, { type Arbitrary } from 'fast-check'
import { z } from 'zod'

/** What breaks programs: names of JavaScript's own, halves of characters, what turns round, ends strings or leaves folders. */
const STRINGS = [
  '',
  '__proto__',
  'constructor',
  'toString',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00x',
  '\u202e',
  '\ufeff',
  '../../etc/passwd',
  '%00',
  '%',
  "' or 1=1 --",
  '<script>',
  '=1+1',
  '\r\nSet-Cookie: a=b',
  '9'.repeat(400),
  '字'.repeat(10_000),
  `e${'\u0301'.repeat(5000)}`,
  '😀'.repeat(300),
  Buffer.from('["next",1e308,"x"]').toString('base64url'),
  Buffer.from('["next",null,{}]').toString('base64url'),
  'http://127.0.0.1:1/',
  'http://[::1]/',
  'javascript:alert(1)',
]
const NUMBERS = [0, -0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 53 + 2, 8.64e15 + 1]

const anyString = fc.oneof(fc.constantFrom(...STRINGS), fc.string({ unit: 'binary', maxLength: 60 }))
const anyNumber = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], [])
const anyJson = fc.oneof(
  fc.jsonValue({ stringUnit: 'binary' }),
  anyString,
  anyNumber,
  fc.constantFrom<unknown>(null, true, [], {}, deep(50), deep(2000)),
)

interface JsonSchema {
  type?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  anyOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
}

/** Mostly what a schema asks for, and now and then, at any depth, something else. */
function near(schema: JsonSchema, known: string[]): Arbitrary<unknown> {
  return fc.oneof({ arbitrary: fitting(schema, known), weight: 6 }, { arbitrary: anyJson, weight: 1 })
}

function fitting(
  { type, properties, items, anyOf, enum: choices, const: only }: JsonSchema,
  known: string[],
): Arbitrary<unknown> {
  if (only !== undefined) return fc.constant(only)
  if (choices) return fc.constantFrom(...choices)
  if (anyOf) return fc.oneof(...anyOf.map((one) => near(one, known)))
  if (type === 'array') return fc.array(near(items ?? {}, known), { maxLength: 12 })
  if (type === 'object') {
    const fields = Object.entries(properties ?? {}).map(([name, each]) => [name, near(each, known)] as const)
    return fc.record(Object.fromEntries(fields), { requiredKeys: fields.slice(1).map(([name]) => name) })
  }
  if (type === 'integer' || type === 'number') return anyNumber
  if (type === 'string') return fc.oneof(fc.constantFrom(...known), anyString)
  return anyJson
}

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema

export interface HostileRequest {
  params: Record<string, string>
  query: [name: string, value: string][]
  body: unknown
  key: string | undefined
}

/** As an address can carry it: whole characters, and far from the length at which node hangs up by itself (16 KB). */
const inAddress = (value: unknown) =>
  (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed().slice(0, 300).toWellFormed()
const asQuery = (value: unknown): HostileRequest['query'] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .slice(0, 6)
        .map(([name, each]) => [inAddress(name), inAddress(each)])
    : []

/**
 * Requests like those an endpoint takes, with something wrong in most of them.
 * @param known ids that are there, somebody else's among them
 */
export function hostileRequests(
  endpoint: Endpoint,
  names: readonly string[],
  known: string[],
): Arbitrary<HostileRequest> {
  const strange = anyString.map((text) => inAddress(text)).filter((text) => text !== '')
  const param = fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 3 }, { arbitrary: strange, weight: 1 })
  return fc.record({
    params: fc.record(Object.fromEntries(names.map((name) => [name, param]))),
    query: (endpoint.query ? near(schemaOf(endpoint.query), known) : anyJson).map(asQuery),
    body: endpoint.body ? near(schemaOf(endpoint.body), known) : anyJson,
    key: fc.option(fc.string({ minLength: 1, maxLength: 120, unit: fc.constantFrom('a', 'ÿ', '0', '%', ';') }), {
      nil: undefined,
    }),
  })
}
