import { command } from './lib/command.mjs'
import { freePort } from './lib/ports.mjs'
import { Services } from './lib/services.mjs'
import { isListening, readEnvironment, startDemo } from './lib/stack.mjs'
import { install } from './lib/workspace.mjs'

// pnpm dev: the demo with reload. Server and simulator restart when their sources change, the pages follow by themselves.
await command(async () => {
  await install()
  const environment = readEnvironment()
  const publicPort = await freePort('PORT', environment.PORT || '3000')
  const simulatorPort = await freePort('SIMULATOR_PORT', environment.SIMULATOR_PORT || '3001')
  const serverPort = await freePort('PORT', '0')

  const services = new Services()
  await services.run(async () => {
    const demo = await startDemo(services, environment, { publicPort, simulatorPort, serverPort, watch: true })
    await services.start('The pages', ['scripts/lib/dev-fronts.mjs'], {
      env: { ...environment, FRONT_PORT: String(publicPort), SERVER_PORT: String(serverPort) },
      isReady: isListening,
    })
    console.log(`\n  Console   ${demo.console}\n  Phones    ${demo.phones}\n\nCtrl-C ends it.`)
  })
})
