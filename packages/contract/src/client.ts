import type { AxiosInstance, AxiosProgressEvent } from 'axios'
import type { z } from 'zod'
import type { Endpoint, EndpointAt, PathParams, ReplyOf, RouteOf } from './endpoint.ts'
import type { ErrorCode, Issue, Problem } from './errors.ts'

/** Sent with every request: a form on another site cannot add it, so it tells our pages from forgeries. */
export const REQUEST_HEADER = 'X-Requested-With'
export const REQUEST_HEADER_VALUE = 'qimeng-moments'

/** A failed call. `status` 0 means that no answer came (no network, aborted, timed out). */
export class ApiError extends Error {
  readonly code: ErrorCode | 'network' | 'aborted'
  readonly status: number
  readonly issues: Issue[]
  readonly requestId: string | undefined
  /** Seconds, from Retry-After. */
  readonly retryAfter: number | undefined

  constructor(
    problem: Partial<Omit<Problem, 'code'>> & { code: ErrorCode | 'network' | 'aborted'; message: string },
    status: number,
    retryAfter?: number,
  ) {
    super(problem.message)
    this.name = 'ApiError'
    this.code = problem.code
    this.status = status
    this.issues = problem.issues ?? []
    this.requestId = problem.requestId
    this.retryAfter = retryAfter
  }
}

type ParamsInput<E extends Endpoint> =
  unknown extends PathParams<E['path']> ? { params?: undefined } : { params: PathParams<E['path']> }
type QueryInput<E extends Endpoint> = E['query'] extends z.ZodType
  ? Record<never, never> extends z.input<E['query']>
    ? { query?: z.input<E['query']> }
    : { query: z.input<E['query']> }
  : { query?: undefined }
type BodyInput<E extends Endpoint> = E['body'] extends z.ZodType
  ? { body: z.input<E['body']> }
  : E['upload'] extends true
    ? { image: Blob; onProgress?: (fraction: number) => void }
    : { body?: undefined }

export type CallInput<E extends Endpoint> = ParamsInput<E> &
  QueryInput<E> &
  BodyInput<E> & { signal?: AbortSignal; idempotencyKey?: string }

type Arguments<E extends Endpoint> =
  Record<never, never> extends CallInput<E> ? [input?: CallInput<E>] : [input: CallInput<E>]

export type Caller<Api> = <Route extends RouteOf<Api>>(
  route: Route,
  ...input: Arguments<EndpointAt<Api, Route>>
) => Promise<ReplyOf<EndpointAt<Api, Route>>>

interface AnyInput {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  image?: Blob
  onProgress?: (fraction: number) => void
  signal?: AbortSignal
  idempotencyKey?: string
}

/** '/api/x/:id' with { id: 'a b' } → '/api/x/a%20b'. */
export function fillPath(path: string, params: Record<string, string> = {}): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}

/**
 * A typed way to call the endpoints of an api object by "METHOD /path", over the caller's own axios instance.
 * `onError` sees every failure before it is thrown: the place to start a new login on 401.
 *
 * @throws {ApiError}
 */
export function createCaller<Api>(http: AxiosInstance, onError?: (error: ApiError) => void): Caller<Api> {
  const call = async (route: string, input: AnyInput = {}): Promise<unknown> => {
    const [method = 'GET', path = ''] = route.split(' ')
    const form = input.image === undefined ? undefined : new FormData()
    if (form && input.image) form.append('image', input.image, input.image instanceof File ? input.image.name : 'image')
    try {
      const response = await http.request({
        method,
        url: fillPath(path, input.params),
        params: input.query,
        data: form ?? input.body,
        signal: input.signal,
        // Half an answer, or the page of a Wi-Fi's login, is no reply; axios would hand it over as a text.
        responseType: 'json',
        transitional: { silentJSONParsing: false },
        headers: {
          [REQUEST_HEADER]: REQUEST_HEADER_VALUE,
          ...(input.idempotencyKey ? { 'Idempotency-Key': input.idempotencyKey } : {}),
        },
        onUploadProgress: ({ loaded, total }: AxiosProgressEvent) => input.onProgress?.(total ? loaded / total : 0),
      })
      return response.data
    } catch (failure) {
      const error = toApiError(failure)
      if (error.code !== 'aborted') onError?.(error)
      throw error
    }
  }
  return call as Caller<Api>
}

interface AxiosFailure {
  code?: string
  response?: { status: number; data: unknown; headers: Record<string, unknown> }
}

function toApiError(failure: unknown): ApiError {
  const { code, response } = failure as AxiosFailure
  if (code === 'ERR_CANCELED') return new ApiError({ code: 'aborted', message: '已取消' }, 0)
  if (!response) return new ApiError({ code: 'network', message: '网络不可用，请检查网络后重试' }, 0)
  const retryAfter = Number(response.headers['retry-after']) || undefined
  if (isProblem(response.data)) return new ApiError(response.data, response.status, retryAfter)
  // A proxy in between answered, not our server.
  return new ApiError({ code: 'unavailable', message: '服务暂时不可用，请稍后重试' }, response.status, retryAfter)
}

const isProblem = (data: unknown): data is Problem =>
  typeof data === 'object' && data !== null && 'code' in data && 'message' in data
