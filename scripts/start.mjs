import { command } from './lib/command.mjs'
import { buildFronts } from './lib/fronts.mjs'
import { freePort } from './lib/ports.mjs'
import { Services } from './lib/services.mjs'
import { DEMO_FOLDER, isRealThing, readEnvironment, startDemo, startReal } from './lib/stack.mjs'
import { install } from './lib/workspace.mjs'

// npm start: on a machine with Node and npm and nothing else, from a fresh clone to a running product. package.json says
// `exec`, because npm, told to stop, ends the shell between itself and this, which would then be left running.
await command(async () => {
  await install()
  const environment = readEnvironment()
  const real = isRealThing(environment)
  const port = await freePort('PORT', environment.PORT || '3000')
  const simulatorPort = real ? undefined : await freePort('SIMULATOR_PORT', environment.SIMULATOR_PORT || '3001')
  await buildFronts()

  const services = new Services()
  await services.run(async () => {
    if (real) {
      const url = await startReal(services, { ...environment, PORT: String(port) })
      console.log(`\nThe console is at ${url}/admin/. Ctrl-C ends the server.`)
      return
    }
    const demo = await startDemo(services, environment, { publicPort: port, simulatorPort })
    console.log(`
The demo is running: a company of its own, with a WeCom on this machine.

  Console   ${demo.console}
  Phones    ${demo.phones}

Its data and logs are in ${DEMO_FOLDER} and stay there. Ctrl-C ends it.`)
  })
})
