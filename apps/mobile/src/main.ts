import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router.ts'
import './ui/styles.css'

createApp(App).use(createPinia()).use(PiniaColada, {}).use(router).mount('#app')
