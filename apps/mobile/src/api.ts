import type { MeApi } from '@qimeng/contract'
import { type ApiError, createCaller } from '@qimeng/contract/client'
import axios, { type AxiosAdapter, AxiosError, type InternalAxiosRequestConfig } from 'axios'
import { beginLogin } from './auth/login.ts'
import { takeEarlyAnswer } from './early.ts'

export const ANSWER_PATIENCE_MS = 20_000
/** A screenshot over a bad mobile network: about 500 KB at 4 kB/s. */
export const UPLOAD_PATIENCE_MS = 120_000

const onError = (error: ApiError) => {
  if (error.code === 'unauthenticated') beginLogin()
}

/** axios itself leaves the colon of a URL in a query as it is; what stands between us and the server may not expect that. */
const paramsSerializer = { encode: encodeURIComponent }

const askServer = axios.getAdapter('xhr')

/** Takes the answer that was asked for before the app was there, where there is one. */
const adapter: AxiosAdapter = async (config) => {
  const early = config.params === undefined ? takeEarlyAnswer(config.url ?? '') : undefined
  const data = early && (await inTime(early, config))
  return data === undefined ? askServer(config) : { data, status: 200, statusText: 'OK', headers: {}, config }
}

function inTime<Answer>(answer: Promise<Answer>, config: InternalAxiosRequestConfig): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new AxiosError('timeout', AxiosError.ECONNABORTED, config)),
      ANSWER_PATIENCE_MS,
    )
    void answer.then(resolve).finally(() => clearTimeout(timer))
  })
}

/** Calls the server as the employee. @throws {ApiError} */
export const call = createCaller<MeApi>(
  axios.create({ timeout: ANSWER_PATIENCE_MS, paramsSerializer, adapter }),
  onError,
)

/** The same for uploads, which may take long. @throws {ApiError} */
export const callPatiently = createCaller<MeApi>(axios.create({ timeout: UPLOAD_PATIENCE_MS }), onError)
