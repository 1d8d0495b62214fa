import type { Endpoint } from '@qimeng/contract/endpoint'
import type { Config } from '../config.ts'

/** Everything in a request besides userids, with much to spare: five pushes of 2,000 UTF-16 units and their links. */
const REST = 1024 * 1024
/** A userid has at most 64 bytes (WECOM.md), two quotes and a comma. */
const PER_PERSON = 64 + 3

/** Bytes that nobody minds, however many requests wait for their end: all that an employee ever sends is nine ids. */
export const SMALL_BODY = 16 * 1024

/**
 * Bytes a JSON body may have. An administrator's task or reminder may name as many people as this installation allows; an
 * employee has nothing to send that is long.
 */
export const bodyLimit = ({ maxExecutors }: Pick<Config, 'maxExecutors'>, audience: Endpoint['for']) =>
  audience === 'employee' ? SMALL_BODY : REST + maxExecutors * PER_PERSON
