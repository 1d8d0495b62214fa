import { afterEach, beforeEach, expect, it, vi } from 'vitest'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

const PUSH = { pushId: 'p1', pushName: '新品上市' }
let asked: string[]
let fetched: string[]
let answer: () => Promise<Response>

/** The page is opened at this address. */
async function open(path: string) {
  window.history.replaceState({}, '', path)
  vi.resetModules()
  return (await import('./api.ts')).call
}
const push = (call: Awaited<ReturnType<typeof open>>) =>
  call('GET /api/me/pushes/:pushId', { params: { pushId: 'p1' } })

/** Counts what is asked as usual, which fails. */
class LostRequest extends EventTarget {
  onerror = () => undefined as void
  setRequestHeader() {}
  open(_method: string, url: string) {
    asked.push(`usual ${new URL(url, location.href).pathname}`)
  }
  send() {
    queueMicrotask(() => this.onerror())
  }
}

class FetchedPicture {
  set src(url: string) {
    fetched.push(url)
  }
}

beforeEach(() => {
  asked = []
  fetched = []
  answer = () => Promise.resolve(Response.json(PUSH))
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(`early ${url}`)
    return answer()
  })
  vi.stubGlobal('XMLHttpRequest', LostRequest)
  vi.stubGlobal('Image', FetchedPicture)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.resetModules()
  window.history.replaceState({}, '', '/')
})

it('asks for a card’s push and the session before the app does, which takes the answer', async () => {
  const call = await open('/m/pushes/p1?b=b1')
  expect(asked).toEqual(['early /api/me/pushes/p1', 'early /api/me/session'])
  expect(await push(call)).toEqual(PUSH)
  expect(asked).toHaveLength(2)
})

it('answers once: who asks later gets what is new', async () => {
  const call = await open('/m/pushes/p1')
  await push(call)
  await expect(push(call)).rejects.toMatchObject({ code: 'network' })
  expect(asked.at(-1)).toBe('usual /api/me/pushes/p1')
})

it.each([
  ['the network fails', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['the server refuses', () => Promise.resolve(new Response('{}', { status: 500 }))],
])('is asked as usual where %s', async (_, given) => {
  answer = given
  await expect(push(await open('/m/pushes/p1'))).rejects.toMatchObject({ code: 'network' })
  expect(asked.at(-1)).toBe('usual /api/me/pushes/p1')
})

it('does not take half an answer for a whole one', async () => {
  answer = () => Promise.resolve(new Response('{"pushId":"p1'))
  await expect(push(await open('/m/pushes/p1'))).rejects.toMatchObject({ code: 'unavailable' })
})

it('gives up on an answer that does not come as it does on any other', async () => {
  vi.useFakeTimers()
  answer = () => new Promise(() => {})
  const lost = expect(push(await open('/m/pushes/p1'))).rejects.toMatchObject({ code: 'network' })
  await vi.advanceTimersByTimeAsync(20_000)
  await lost
})

it('draws the page once its content is there, and soon where that does not come', async () => {
  vi.useFakeTimers()
  answer = () => new Promise(() => {})
  await open('/m/pushes/p1')
  const { contentArrived } = await import('./early.ts')
  let drawn = false
  void contentArrived.then(() => (drawn = true))
  await vi.advanceTimersByTimeAsync(1_900)
  expect(drawn).toBe(false)
  await vi.advanceTimersByTimeAsync(100)
  expect(drawn).toBe(true)
})

const thumb = (name: string) => ({ thumb: `/files/${name}/thumb` })
it.each([
  ['a lone picture', { images: [{ ...thumb('a'), screen: '/files/a/screen' }], link: null }, ['a/screen', 'a/thumb']],
  ['several pictures', { images: [thumb('a'), thumb('b')], link: null }, ['a/thumb', 'b/thumb']],
  ['a link with a cover', { images: [], link: { cover: thumb('c') } }, ['c/thumb']],
  ['a link without one', { images: [], link: { cover: null } }, []],
])('fetches %s as it is shown before the app asks for it', async (_, content, pictures) => {
  answer = () => Promise.resolve(Response.json({ ...PUSH, ...content }))
  await push(await open('/m/pushes/p1'))
  await vi.waitFor(() => expect(fetched).toEqual(pictures.map((name) => `/files/${name}`)), PATIENT)
})

it('fetches no picture for the page of the proof, which shows none of them', async () => {
  answer = () => Promise.resolve(Response.json({ ...PUSH, images: [thumb('a'), thumb('b')] }))
  await push(await open('/m/pushes/p1/proof'))
  expect(fetched).toEqual([])
})

it.each([
  ['/m/tasks', ['early /api/me/session']],
  ['/m/refused', []],
])('asks at %s for what is needed there', async (path, questions) => {
  await open(path)
  expect(asked).toEqual(questions)
})
