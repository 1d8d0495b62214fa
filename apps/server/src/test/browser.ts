import axios, { type AxiosInstance, type AxiosResponse } from 'axios'

/** A browser of one person: keeps cookies and shows redirects instead of following them. */
export interface Browser {
  /** For `createCaller`: fails on an error status, as the fronts' own does. */
  readonly http: AxiosInstance
  readonly cookies: Map<string, string>
  /** Opens an address, ours or absolute, and shows whatever comes. */
  get(url: string, headers?: Record<string, string>): Promise<AxiosResponse<Buffer>>
}

export function openBrowser(baseURL: string): Browser {
  const cookies = new Map<string, string>()
  const http = axios.create({ baseURL, maxRedirects: 0, proxy: false })
  http.interceptors.request.use((request) => {
    const toUs = new URL(request.url ?? '', baseURL).origin === baseURL
    if (toUs && cookies.size > 0) request.headers.set('Cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    return request
  })
  const keep = (response: AxiosResponse) => {
    for (const line of response.headers['set-cookie'] ?? []) keepCookie(cookies, line)
    return response
  }
  http.interceptors.response.use(keep, (error: { response?: AxiosResponse }) => {
    if (error.response) keep(error.response)
    return Promise.reject(error as Error)
  })
  return {
    http,
    cookies,
    get: (url, headers = {}) => http.get(url, { headers, responseType: 'arraybuffer', validateStatus: () => true }),
  }
}

function keepCookie(cookies: Map<string, string>, line: string) {
  const [pair = '', ...attributes] = line.split('; ')
  const [name = '', ...value] = pair.split('=')
  const expires = attributes.find((attribute) => attribute.startsWith('Expires='))?.slice('Expires='.length)
  if (expires && Date.parse(expires) <= 0) cookies.delete(name)
  else cookies.set(name, value.join('='))
}
