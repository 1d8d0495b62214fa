import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const server = process.env.SERVER_URL ?? 'http://127.0.0.1:3000'

export default defineConfig({
  base: '/m/',
  plugins: [vue()],
  build: {
    // WeCom's own web views: WKWebView of iOS 15 and up, Chromium on Android.
    target: ['es2021', 'safari15'],
    modulePreload: { polyfill: false },
    // For scripts/bundle.mjs, which counts what the phone downloads.
    manifest: true,
  },
  server: { proxy: { '/api': server, '/auth': server, '/files': server } },
})
