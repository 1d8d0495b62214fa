import { MAX_RECIPIENTS } from '@qimeng/wecom'
import { chunks } from '../db/chunks.ts'

/** An id with a separator would reach others, and @all would reach everybody: WeCom has no way to address these alone. */
export const isAddressable = (userid: string) => userid !== '' && !userid.includes('|') && !userid.startsWith('@')

/** Groups for one call each, in the given order, and those whom no call can name. */
export function splitRecipients(userids: readonly string[]): { groups: string[][]; unaddressable: string[] } {
  return {
    groups: [...chunks(userids.filter(isAddressable), MAX_RECIPIENTS)],
    unaddressable: userids.filter((userid) => !isAddressable(userid)),
  }
}
