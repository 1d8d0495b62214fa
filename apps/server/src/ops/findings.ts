import type { CheckResult } from '@qimeng/contract/settings'

export const fine = (name: string, message: string): CheckResult => ({ name, ok: true, message, cure: '' })
export const wrong = (name: string, message: string, cure: string): CheckResult => ({ name, ok: false, message, cure })
