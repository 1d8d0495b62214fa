import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { contentArrived } from './early.ts'
import { router } from './router.ts'
import './ui/styles.css'

const app = createApp(App).use(createPinia()).use(PiniaColada, {}).use(router)

// A page that knows its content is drawn once, in place of the skeleton that came with the HTML.
void contentArrived.then(() => app.mount('#app'))
