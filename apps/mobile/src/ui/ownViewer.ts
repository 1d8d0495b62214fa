import { createApp } from 'vue'
import OwnViewer from './OwnViewer.vue'

/** A viewer of our own, for browsers without one; a chunk apart, since WeCom never needs it. @returns closes it */
export function showOwnViewer(urls: readonly string[], start: number): () => void {
  const place = document.body.appendChild(document.createElement('div'))
  const app = createApp(OwnViewer, {
    urls,
    start,
    onClosed: () => {
      app.unmount()
      place.remove()
    },
  })
  const viewer = app.mount(place) as InstanceType<typeof OwnViewer>
  return viewer.close
}
