import type { MeApi } from '@qimeng/contract'
import { type ApiError, createCaller } from '@qimeng/contract/client'
import axios from 'axios'
import { beginLogin } from './auth/login.ts'

export const ANSWER_PATIENCE_MS = 20_000
/** A screenshot over a bad mobile network: about 500 KB at 4 kB/s. */
export const UPLOAD_PATIENCE_MS = 120_000

const onError = (error: ApiError) => {
  if (error.code === 'unauthenticated') beginLogin()
}

/** axios itself leaves the colon of a URL in a query as it is; what stands between us and the server may not expect that. */
const paramsSerializer = { encode: encodeURIComponent }

/** Calls the server as the employee. @throws {ApiError} */
export const call = createCaller<MeApi>(axios.create({ timeout: ANSWER_PATIENCE_MS, paramsSerializer }), onError)

/** The same for uploads, which may take long. @throws {ApiError} */
export const callPatiently = createCaller<MeApi>(axios.create({ timeout: UPLOAD_PATIENCE_MS }), onError)
