import { createServer } from 'node:net'
import { Stop } from './command.mjs'

/** The port a variable names, free to listen on; 0 lets the system choose one. */
export async function freePort(name, value) {
  const port = Number(value)
  if (!/^\d+$/.test(value) || port > 65_535)
    throw new Stop(`${name} must be a port from 0 to 65535, and is "${value}".`)
  // A browser may take localhost for either address, so another program on ::1 is in the way as well.
  const chosen = await listenOnce(name, port, '127.0.0.1')
  await listenOnce(name, chosen, '::1')
  return chosen
}

function listenOnce(name, port, host) {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', ({ code }) => {
      if (code === 'EADDRINUSE') {
        reject(new Stop(`Port ${port} is taken. Choose another one with ${name}, or ${name}=0 for any that is free.`))
      } else if (code === 'EACCES') {
        reject(new Stop(`Port ${port} is not for this user to open. Choose one above 1023 with ${name}.`))
      } else if (host === '::1') {
        resolve(port) // A machine without IPv6 has nothing there that could be in the way.
      } else {
        reject(new Stop(`Port ${port} (${name}) cannot be opened: ${code}.`))
      }
    })
    probe.listen({ port, host, exclusive: true }, () => {
      const chosen = probe.address().port
      probe.close(() => resolve(chosen))
    })
  })
}
