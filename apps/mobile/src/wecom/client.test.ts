import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aLink, anImage } from '../test/builders.ts'
import { aClipboard, becomeWecom, WECOM_UA } from '../test/phone.ts'

/** A machine that does other things may take its time. */
const PATIENT = { timeout: 60_000 }

const signatures = vi.hoisted(() => [] as { url: string; as: string }[])
vi.mock('../api.ts', () => ({
  call: (_route: string, { query }: { query: { url: string; as: string } }) => {
    signatures.push(query)
    return Promise.resolve({ timestamp: 1, nonceStr: 'n', signature: 's' })
  },
}))

// The SDK reads the user agent once, when it is loaded: each test loads it afresh, and before the patience with it counts.
const load = async () => ({
  sdk: await import('@wecom/jssdk'),
  ...(await import('./client.ts')),
  ...(await import('./clipboard.ts')),
  ...(await import('./moments.ts')),
  ...(await import('./pictures.ts')),
  ...(await import('../ui/waiting.ts')),
})

const ownViewer = () => document.querySelector('.van-image-preview')

beforeEach(() => {
  vi.resetModules()
  signatures.length = 0
  window.history.replaceState(null, '', '/m/pushes/p1?b=b1#publish')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const CORP = { corpId: 'ww1', agentId: 1000002 }

describe('in WeCom', () => {
  it('registers with the app identity, for the page without its hash, before the first call', async () => {
    const phone = becomeWecom()
    const { startWecom, copyText } = await load()
    startWecom(CORP)
    expect(await copyText('上新啦[庆祝]')).toBe(true)
    expect(phone.asked.map(({ name }) => name)).toEqual(['agentConfig', 'setClipboardData'])
    expect(phone.asked[0]!.params).toMatchObject({ corpid: 'ww1', agentid: '1000002', signature: 's' })
    expect(phone.asked[1]!.params).toMatchObject({ data: '上新啦[庆祝]' })
    expect(signatures).toEqual([{ url: `${window.location.origin}/m/pushes/p1?b=b1`, as: 'app' }])
  })

  it('asks a client before 3.0.24 for the corporation only, which is all it knows', async () => {
    const phone = becomeWecom()
    vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(WECOM_UA.replace('4.1.36', '3.0.20'))
    const { startWecom, copyText } = await load()
    startWecom(CORP)
    expect(await copyText('上新啦')).toBe(true)
    expect(phone.asked.map(({ name }) => name)).toEqual(['preVerifyJSAPI', 'setClipboardData'])
  })

  it('opens the composer with text and pictures by absolute links, or with the link', async () => {
    const phone = becomeWecom()
    const { startWecom, openMomentsComposer } = await load()
    startWecom(CORP)
    await openMomentsComposer({ text: '上新', images: [anImage()], link: null }, vi.fn())
    await openMomentsComposer({ text: '上新', images: [], link: aLink }, vi.fn())
    await openMomentsComposer({ text: '上新', images: [], link: null }, vi.fn())
    const { origin } = window.location
    const [withPicture, withLink, textAlone] = phone.asked.filter(({ name }) => name === 'shareToExternalMoments')
    expect(withPicture!.params).toMatchObject({
      text: { content: '上新' },
      attachments: [{ msgtype: 'image', image: { imgUrl: `${origin}/files/images/i1/full?s=1` } }],
    })
    const link = { url: aLink.url, title: '秋冬新品', desc: '预约试穿', imgUrl: `${origin}/files/images/c1/full?s=1` }
    expect(withLink!.params).toMatchObject({ attachments: [{ msgtype: 'link', link }] })
    expect(textAlone!.params).toMatchObject({ text: { content: '上新' } })
    expect(textAlone!.params).not.toHaveProperty('attachments')
  })

  it('calls pictures by WeCom’s own names for them, where it has them', async () => {
    const phone = becomeWecom()
    const { startWecom, openMomentsComposer } = await load()
    startWecom(CORP)
    const known = { ...anImage(), mediaId: 'MEDIA1' }
    await openMomentsComposer({ text: '', images: [known, anImage('i2')], link: null }, vi.fn())
    const link = { ...aLink, composerCover: 'https://wework.example.com/cover' }
    await openMomentsComposer({ text: '上新', images: [], link }, vi.fn())
    const [withPictures, withLink] = phone.asked.filter(({ name }) => name === 'shareToExternalMoments')
    expect(withPictures!.params).toMatchObject({
      attachments: [
        { msgtype: 'image', image: { mediaid: 'MEDIA1' } },
        { msgtype: 'image', image: { imgUrl: `${window.location.origin}/files/images/i2/full?s=1` } },
      ],
    })
    expect(withLink!.params).toMatchObject({ attachments: [{ link: { imgUrl: 'https://wework.example.com/cover' } }] })
  })

  it('calls pictures by their addresses for a client before 4.0.2, which knows no other names', async () => {
    const phone = becomeWecom()
    const ask = async (version: string) => {
      vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(WECOM_UA.replace('4.1.36', version))
      await openMomentsComposer({ text: '', images: [{ ...anImage(), mediaId: 'MEDIA1' }], link: null }, vi.fn())
      return phone.asked.findLast(({ name }) => name === 'shareToExternalMoments')!.params.attachments
    }
    const { startWecom, openMomentsComposer } = await load()
    startWecom(CORP)
    const byAddress = [{ msgtype: 'image', image: { imgUrl: `${window.location.origin}/files/images/i1/full?s=1` } }]
    const byName = [{ msgtype: 'image', image: { mediaid: 'MEDIA1' } }]
    for (const version of ['3.1.12', '3.1.20', '4.0.1']) expect(await ask(version), version).toEqual(byAddress)
    for (const version of ['4.0.2', '4.0.10', '10.0.0']) expect(await ask(version), version).toEqual(byName)
  })

  it('gives the composer a link’s title as short as it takes one, and the share menu all of it', async () => {
    becomeWecom()
    const asked = new Map<string, object>()
    let shareByMenu: (() => void) | undefined
    vi.stubGlobal('WeixinJSBridge', {
      invoke: (name: string, params: object, callback?: (reply: object) => void) => {
        asked.set(name, params)
        callback?.({ err_msg: `${name}:ok` })
      },
      on: (_event: string, listener: () => void) => (shareByMenu = listener),
    })
    const { startWecom, openMomentsComposer, offerLinkOnTimeline } = await load()
    startWecom(CORP)
    const link = { ...aLink, title: '秋冬新品全线上架，到店有礼', composerTitle: '秋冬新品全线…' }
    await openMomentsComposer({ text: '上新', images: [], link }, vi.fn())
    expect(asked.get('shareToExternalMoments')).toMatchObject({ attachments: [{ link: { title: '秋冬新品全线…' } }] })
    offerLinkOnTimeline(link)
    await vi.waitFor(() => expect(shareByMenu).toBeDefined(), PATIENT)
    shareByMenu!()
    expect(asked.get('shareTimeline')).toMatchObject({ title: '秋冬新品全线上架，到店有礼' })
  })

  it.each([
    ['cancel', 'cancelled'],
    ['fail_no permission', 'refused'],
    ['function_not_exist', 'refused'],
  ])('tells %s as %s', async (answer, failure) => {
    const phone = becomeWecom()
    phone.answers.shareToExternalMoments = answer
    const { startWecom, openMomentsComposer } = await load()
    startWecom(CORP)
    expect(await openMomentsComposer({ text: '', images: [anImage()], link: null }, vi.fn())).toMatchObject({ failure })
  })

  it('stops waiting for a composer that does not answer, and still hears the answer that comes late', async () => {
    const phone = becomeWecom()
    phone.answers.shareToExternalMoments = undefined
    const { startWecom, openMomentsComposer } = await load()
    let answerLate: (() => void) | undefined
    const invoke = vi.fn((name: string, _params: object, callback: (reply: object) => void) => {
      const answer = () => callback({ err_msg: `${name}:ok` })
      if (name === 'shareToExternalMoments') answerLate = answer
      else answer()
    })
    vi.stubGlobal('WeixinJSBridge', { invoke, on: () => undefined })
    startWecom(CORP)
    const late = vi.fn()
    vi.useFakeTimers()
    const outcome = openMomentsComposer({ text: '上新', images: [], link: null }, late)
    await vi.waitFor(() => expect(answerLate).toBeDefined(), PATIENT)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await outcome).toMatchObject({ ok: false, failure: 'timeout' })
    answerLate!()
    await vi.waitFor(() => expect(late).toHaveBeenCalledExactlyOnceWith({ ok: true }), PATIENT)
  })

  it('without a bridge, where every SDK call hangs for ever, copies by the browser', async () => {
    becomeWecom({ bridge: false })
    const clipboard = aClipboard()
    const { startWecom, copyText } = await load()
    startWecom(CORP)
    expect(await copyText('上新啦')).toBe(true)
    expect(clipboard.text).toBe('上新啦')
  })

  it('without a bridge says that a picture is being opened, then shows it in a viewer of ours', async () => {
    becomeWecom({ bridge: false })
    const { startWecom, viewPictures, waiting } = await load()
    startWecom(CORP)
    const viewed = viewPictures(['/files/images/i1/full'])
    expect(waiting.value).toBe('正在打开图片…')
    await viewed
    expect(waiting.value).toBe('')
    await vi.waitFor(() => expect(ownViewer()).not.toBeNull(), PATIENT)
    ownViewer()!.querySelector('button')!.click()
    await vi.waitFor(() => expect(ownViewer()).toBeNull(), PATIENT)
  })

  it('takes our viewer away when that of the client comes late', async () => {
    becomeWecom()
    let answerLate: (() => void) | undefined
    const invoke = vi.fn((name: string, _params: object, callback: (reply: object) => void) => {
      const answer = () => callback({ err_msg: `${name}:ok` })
      if (name === 'imagePreview') answerLate = answer
      else answer()
    })
    vi.stubGlobal('WeixinJSBridge', { invoke, on: () => undefined })
    const { startWecom, viewPictures } = await load()
    startWecom(CORP)
    await viewPictures(['/files/images/i1/full'])
    await vi.waitFor(() => expect(ownViewer()).not.toBeNull(), PATIENT)
    answerLate!()
    await vi.waitFor(() => expect(ownViewer()).toBeNull(), PATIENT)
  })
})

describe('in WeChat', () => {
  it('gives a link to the share menu, and takes it back', async () => {
    const phone = becomeWecom()
    vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(WECOM_UA.replace(/wxwork\S+ /, ''))
    const { startWecom, offerLinkOnTimeline } = await load()
    startWecom(CORP)
    const takeBack = offerLinkOnTimeline({ ...aLink, title: '秋冬新品' })
    const shared = () =>
      phone.asked.filter(({ name }) => name === 'updateTimelineShareData').map(({ params }) => params)
    await vi.waitFor(() => expect(shared()).toMatchObject([{ title: '秋冬新品', link: aLink.url }]), PATIENT)
    takeBack()
    await vi.waitFor(() => expect(shared()[1]).toMatchObject({ title: '企盟助手' }), PATIENT)
  })
})

describe('in another browser', () => {
  it('copies by the browser without waiting for a client', async () => {
    const clipboard = aClipboard()
    const { startWecom, copyText } = await load()
    startWecom(CORP)
    const copied = copyText('上新啦')
    // Written in the same turn as the tap: Safari allows it only then.
    expect(clipboard.text).toBe('上新啦')
    expect(await copied).toBe(true)
  })

  it('says so when nothing can copy', async () => {
    aClipboard({ allowed: false })
    const { copyText } = await load()
    expect(await copyText('上新啦')).toBe(false)
  })

  it('shows pictures in a viewer of ours, and leaves the composer alone', async () => {
    const { viewPictures, openMomentsComposer } = await load()
    await viewPictures(['/files/images/i1/full', '/files/images/i2/full'], 1)
    await vi.waitFor(
      () => expect(document.querySelector('.van-image-preview')?.textContent).toContain('2 / 2'),
      PATIENT,
    )
    expect(await openMomentsComposer({ text: '上新', images: [], link: null }, vi.fn())).toMatchObject({
      failure: 'outside',
    })
  })
})
