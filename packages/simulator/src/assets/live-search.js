// Searches while one types: asks the same page for the new words and takes its list. Without this script, Enter does it.
for (const input of document.querySelectorAll('[data-live-search]')) {
  let timer
  let latest = 0
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(search, 150)
  })
  // Who types faster than the page loads has typed already.
  if (input.value !== (new URLSearchParams(location.search).get('q') ?? '')) search()
  async function search() {
    const asked = ++latest
    const address = new URL(location.href)
    address.searchParams.set('q', input.value)
    const reply = await fetch(address)
    const found = new DOMParser().parseFromString(await reply.text(), 'text/html')
    if (asked !== latest) return
    document.querySelector('[data-live-list]').replaceWith(found.querySelector('[data-live-list]'))
    history.replaceState(null, '', address)
  }
}
