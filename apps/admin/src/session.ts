import { ApiError } from '@qimeng/contract/client'
import type { ReplyOf } from '@qimeng/contract/endpoint'
import type { settingsApi } from '@qimeng/contract/settings'
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useCall } from './api.ts'

export type Me = ReplyOf<typeof settingsApi.session>

/** Who is at the desk, and what the server's clock says. */
export const useSession = defineStore('session', () => {
  const call = useCall()
  const me = ref<Me>()
  /** True once a call was refused with 401: pages may then be left without asking. */
  const over = ref(false)
  /** True when it ended in the middle of use. */
  const lapsed = ref(false)
  let ahead = 0

  async function load(): Promise<void> {
    const asked = Date.now()
    me.value = await call('GET /api/console/session')
    // The answer was written about half-way between asking and hearing.
    ahead = me.value.now - (asked + Date.now()) / 2
    over.value = false
    lapsed.value = false
  }

  /** The server's time in epoch ms: its clock judges 推送时间, not the browser's. */
  const now = (): number => Math.round(Date.now() + ahead)

  /** The server no longer knows this session, or never did. */
  function end(): void {
    lapsed.value ||= me.value !== undefined
    me.value = undefined
    over.value = true
  }

  const logout = () => endAt('POST /api/console/logout')
  /** Here, in other browsers and on phones. */
  const logoutEverywhere = () => endAt('POST /api/console/logout/everywhere')

  /** @throws {ApiError} that says so: without an answer the session may go on */
  async function endAt(route: 'POST /api/console/logout' | 'POST /api/console/logout/everywhere'): Promise<void> {
    await call(route).catch((error: ApiError) => {
      if (error.status === 401) throw error
      throw new ApiError({ ...error, message: `退出登录没有完成：${error.message}` }, error.status)
    })
    end()
    lapsed.value = false
  }

  return { me, over, lapsed, load, now, end, logout, logoutEverywhere }
})
