/** What server and fronts agree on. The phone imports types, and at run time only the files that carry no schema. */
import { deliveryApi } from './delivery.ts'
import { imageApi } from './images.ts'
import { linkApi } from './links.ts'
import { meApi } from './me.ts'
import { exportApi, messageApi } from './messages.ts'
import { peopleApi } from './people.ts'
import { proofApi } from './proofs.ts'
import { settingsApi } from './settings.ts'
import { taskApi } from './tasks.ts'

export * from './audit.ts'
export * from './client.ts'
export * from './delivery.ts'
export * from './emoji.ts'
export * from './endpoint.ts'
export * from './errors.ts'
export type { ImageView, LinkView, Page, PersonRef } from './fields.ts'
export * from './images.ts'
export * from './limits.ts'
export * from './links.ts'
export * from './me.ts'
export * from './messages.ts'
export * from './people.ts'
export * from './proofs.ts'
export * from './rates.ts'
export * from './settings.ts'
export * from './tasks.ts'
export * from './text.ts'
export * from './time.ts'

const prefixed = <const Prefix extends string, const Api extends object>(prefix: Prefix, api: Api) =>
  Object.fromEntries(Object.entries(api).map(([name, value]) => [`${prefix}.${name}`, value])) as {
    [K in keyof Api & string as `${Prefix}.${K}`]: Api[K]
  }

/** Everything an administrator's session may call. */
export const consoleApi = {
  ...prefixed('tasks', taskApi),
  ...prefixed('delivery', deliveryApi),
  ...prefixed('proofs', proofApi),
  ...prefixed('people', peopleApi),
  ...prefixed('images', imageApi),
  ...prefixed('links', linkApi),
  ...prefixed('messages', messageApi),
  ...prefixed('exports', exportApi),
  ...prefixed('settings', settingsApi),
}
export type ConsoleApi = typeof consoleApi

/** The whole of it: the API description and the test that walks every endpoint with every role read this list. */
export const everyEndpoint = { ...consoleApi, ...prefixed('me', meApi) }
