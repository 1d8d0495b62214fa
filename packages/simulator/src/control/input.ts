import { findPerson, type Person } from '../state/people.ts'
import type { State } from '../state/state.ts'

/** A control request that makes no sense: answered with HTTP 400 and this text. */
export class ControlError extends Error {}

export function personAt(state: State, userid: unknown): Person {
  const person = typeof userid === 'string' ? findPerson(state, userid) : undefined
  if (!person) throw new ControlError(`no person with userid ${String(userid)}`)
  return person
}

export function textIn(body: Record<string, unknown>, field: string): string {
  const value = body[field]
  if (typeof value !== 'string') throw new ControlError(`${field} must be a string`)
  return value
}

export function numberIn(body: Record<string, unknown>, field: string, fallback?: number): number {
  const value = body[field] ?? fallback
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ControlError(`${field} must be a number`)
  return value
}

export function oneOf<const T extends string>(value: unknown, allowed: readonly T[], field: string): T {
  if (!allowed.includes(value as T)) throw new ControlError(`${field} must be one of ${allowed.join(', ')}`)
  return value as T
}
