import type { Config } from '../config.ts'

/** Everything in a request besides userids, with much to spare: five pushes of 2,000 UTF-16 units and their links. */
const REST = 1024 * 1024
/** A userid has at most 64 bytes (WECOM.md), two quotes and a comma. */
const PER_PERSON = 64 + 3

/** Bytes a JSON body may have: a task or a reminder may name as many people as this installation allows. */
export const bodyLimit = ({ maxExecutors }: Pick<Config, 'maxExecutors'>) => REST + maxExecutors * PER_PERSON
