import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vite'

const server = `http://localhost:${process.env.PORT ?? 3000}`

export default defineConfig({
  base: '/admin/',
  plugins: [
    vue(),
    // Element Plus only, with the styles of what is used; our own components are imported where they are used.
    components({ dirs: [], dts: false, resolvers: [ElementPlusResolver()] }),
  ],
  // For scripts/bundle.mjs, which counts what the list page downloads.
  build: { manifest: true },
  server: { proxy: { '/api': server, '/auth': server, '/files': server } },
})
