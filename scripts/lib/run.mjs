import { spawn } from 'node:child_process'

/** Runs a program to its end. Output is kept and returned, or with `show` goes to the terminal as it comes. */
export function run(program, args, { cwd, env, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: show && process.stdout.isTTY ? env : { ...env, NO_COLOR: '1' },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }))
    child.on('close', (code, signal) =>
      resolve({ ok: code === 0, output: code === null ? `${output}ended by ${signal}\n` : output }),
    )
  })
}

/** The end of a long output: where programs say what went wrong. */
export function lastLines(text, count = 40) {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

/** Says what is being done, does it, and says how long it took, all on one line. */
export async function step(label, work) {
  const started = Date.now()
  process.stdout.write(`${label} … `)
  try {
    const result = await work()
    console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`)
    return result
  } catch (error) {
    console.log('not done')
    throw error
  }
}
