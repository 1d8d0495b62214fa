import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const server = process.env.SERVER_URL ?? 'http://127.0.0.1:3000'

const EARLY = 'src/early.ts'

/** Runs the file that asks the server as soon as it is there itself, beside the app that needs the answers. */
const early: Plugin = {
  name: 'early',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const chunk = Object.values(bundle).find((file) => file.type === 'chunk' && file.facadeModuleId?.endsWith(EARLY))
      if (!chunk) throw new Error(`${EARLY} has no file of its own`)
      const attrs = { type: 'module', async: true, crossorigin: true, src: `/m/${chunk.fileName}` }
      return [{ tag: 'script', attrs, injectTo: 'head-prepend' }]
    },
  },
}

export default defineConfig({
  base: '/m/',
  plugins: [vue(), early],
  build: {
    // WeCom's own web views: WKWebView of iOS 15 and up, Chromium on Android.
    target: ['es2021', 'safari15'],
    modulePreload: { polyfill: false },
    // For scripts/bundle.mjs, which counts what the phone downloads.
    manifest: true,
    rolldownOptions: {
      input: ['index.html', EARLY],
      output: {
        // What every page needs comes in one piece: on a phone each further request costs more than its bytes.
        codeSplitting: {
          groups: [
            { name: 'early', test: (id) => id.endsWith(EARLY), priority: 1 },
            { name: 'app', tags: ['$initial'] },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': server, '/auth': server, '/files': server } },
})
