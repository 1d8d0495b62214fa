import { useQuery } from '@pinia/colada'
import { call } from '../api.ts'
import { startWecom } from '../wecom/client.ts'
import { forgetAttempt } from './login.ts'

/** Who I am. The first answer also registers this page with the WeCom client. */
export function useSession() {
  return useQuery({
    key: ['session'],
    query: async ({ signal }) => {
      const session = await call('GET /api/me/session', { signal })
      forgetAttempt()
      startWecom(session)
      return session
    },
    staleTime: Infinity,
  })
}
