import './no-eval.ts'
import 'element-plus/theme-chalk/base.css'
import './ui/theme.css'
import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { callKey, createCall } from './api.ts'
import { loadAnewWhenOld } from './newVersion.ts'
import { createConsoleRouter, toLogin } from './router.ts'
import { useSession } from './session.ts'

const router = createConsoleRouter()
loadAnewWhenOld(router)
const pinia = createPinia()
const app = createApp(App)

app.provide(
  callKey,
  createCall(() => {
    const session = useSession(pinia)
    session.end()
    void toLogin(router, session.lapsed)
  }),
)
app.use(pinia).use(PiniaColada).use(router).mount('#app')
