// WeCom's side of the in-app browser: runs before the page's own scripts. It sets the user agent and installs
// WeixinJSBridge, through which the unmodified @wecom/jssdk speaks to "the client" (WECOM.md 5.4, 5.5).
;(() => {
  /** Put here by phone/bridge.ts. */
  const phone = '__PHONE__'
  const define = (name, value) => Object.defineProperty(navigator, name, { get: () => value, configurable: true })
  define('userAgent', phone.userAgent)
  define('platform', /iPhone/.test(phone.userAgent) ? 'iPhone' : 'Linux armv8l')

  // Addresses of the app and of WeCom itself belong to this phone: stay on its origin.
  window.navigation?.addEventListener('navigate', (event) => {
    const { url } = event.destination
    const home = [phone.app, phone.wecom].find((origin) => url.startsWith(`${origin}/`))
    if (!home || !event.cancelable || event.downloadRequest !== null) return
    event.preventDefault()
    location.assign(location.origin + url.slice(home.length))
  })

  /** The frame around this page: the phone's screen. Absent when the page is opened without a phone around it. */
  const shell = () => (window.parent !== window ? window.parent.phoneShell : undefined)

  // On a phone a file field opens the album. The computer's own dialog is one of the choices.
  let fromComputer = false
  window.addEventListener('click', (event) => {
    const field = event.target
    if (!(field instanceof HTMLInputElement) || field.type !== 'file' || fromComputer || !shell()) return
    event.preventDefault()
    void fillFromPhone(field)
  })
  async function fillFromPhone(field) {
    const chosen = await shell().chooseFiles(field.multiple ? 9 : 1)
    if (!chosen) return
    if (chosen === 'computer') {
      fromComputer = true
      field.click()
      fromComputer = false
      return
    }
    const files = new DataTransfer()
    for (const { id, name, type } of chosen) {
      const picture = await fetch(`/__phone/pictures/${id}`)
      files.items.add(new File([await picture.blob()], name, { type }))
    }
    field.files = files.files
    for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }))
  }

  if (phone.bridge === 'none' || phone.bridge === 'browser') return

  const listeners = {}
  const tooOld = phone.bridge === 'old' ? ['agentConfig', 'shareToExternalMoments', 'getContext'] : []
  let agentConfigured = false

  const onScreen = {
    imagePreview: (params) => shell().viewPictures(params.urls ?? [params.current], params.current),
    chooseImage: async (params) => {
      const localIds = await shell().choosePictures(params.count ?? 9)
      if (!localIds) return 'cancel'
      return { localIds: /Android/.test(phone.userAgent) ? JSON.stringify(localIds) : localIds }
    },
    shareToExternalMoments: (params) => {
      if (!agentConfigured) return 'fail_no permission to execute'
      return shell().shareToExternalMoments(params)
    },
    shareTimeline: (params) => shell().composeLink(params),
    sendAppMessage: (params) => shell().forward(params),
    shareAppMessage: (params) => shell().forward(params),
    shareWechat: (params) => shell().forward(params),
    shareWechatMessage: (params) => shell().forward(params),
    closeWindow: () => shell().close(),
    hideOptionMenu: () => shell().showMenu(false),
    showOptionMenu: () => shell().showMenu(true),
    hideAllNonBaseMenuItem: () => shell().hideMenuItems(['menuItem:share:timeline', 'menuItem:share:appMessage']),
    hideMenuItems: (params) => shell().hideMenuItems(params.menuList ?? []),
    showMenuItems: (params) => shell().showMenuItems(params.menuList ?? []),
    openDefaultBrowser: (params) => shell().openOutside(params.url),
    previewFile: (params) => shell().openOutside(params.url),
  }
  const onPhone = [
    ...['preVerifyJSAPI', 'agentConfig', 'setClipboardData', 'getClipboardData', 'getLocalImgData', 'uploadImage'],
    ...['downloadImage', 'getContext'],
  ]

  async function ask(name, params) {
    const body = { url: location.href.split('#')[0], params: JSON.parse(JSON.stringify(params ?? {})) }
    const reply = await fetch(`/__phone/bridge/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return reply.json()
  }

  const signatureOf = ({ verifyAppId, verifyTimestamp, verifyNonceStr, verifySignature }) => ({
    verifyAppId,
    verifyTimestamp,
    verifyNonceStr,
    verifySignature,
  })

  async function perform(name, params = {}) {
    if (tooOld.includes(name)) return { err_msg: `${name}:function_not_exist` }
    if (name === 'checkJsApi') {
      const known = (api) => !tooOld.includes(api) && (api in onScreen || onPhone.includes(api))
      const entries = (params.jsApiList ?? []).map((api) => [api, known(api)])
      return { err_msg: 'checkJsApi:ok', checkResult: Object.fromEntries(entries) }
    }
    // After a config each call carries its signature (WECOM.md 5.5): a page that has moved on has none that fits.
    if (params.verifySignature !== undefined && !name.startsWith('preVerify')) {
      const verified = await ask('verifyCall', signatureOf(params))
      if (verified.err_msg !== 'verifyCall:ok') return { err_msg: `${name}:fail_no permission to execute` }
    }
    if (onPhone.includes(name)) {
      const result = await ask(name, params)
      if (name === 'agentConfig') agentConfigured = result.err_msg === 'agentConfig:ok'
      return result
    }
    if (!(name in onScreen)) return { err_msg: `${name}:function_not_exist` }
    if (!shell()) return { err_msg: `${name}:fail_no screen` }
    const result = await onScreen[name](params)
    return typeof result === 'string' ? { err_msg: `${name}:${result}` } : { err_msg: `${name}:ok`, ...result }
  }

  const bridge = {
    invoke(name, params, callback) {
      if (phone.bridge === 'mute') return
      perform(name, params).then(
        (result) => callback?.(result),
        () => callback?.({ err_msg: `${name}:fail_system error` }),
      )
    },
    on(event, callback) {
      listeners[event] = callback
    },
  }
  /** For the phone's screen: fires an event of its menu; false when the page does not listen. */
  window.phoneBridgeEmit = (event) => {
    listeners[event]?.({})
    return event in listeners
  }

  const install = () => {
    window.WeixinJSBridge = bridge
  }
  if (phone.bridge !== 'late') return install()
  setTimeout(() => {
    install()
    document.dispatchEvent(new Event('WeixinJSBridgeReady'))
  }, 300)
})()
