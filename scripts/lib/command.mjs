import './node-version.mjs'

/** A reason to stop that is a person's to cure: printed as it is, without a stack. */
export class Stop extends Error {}

/** Runs a command's body: its number becomes the exit code, a Stop one clear line. */
export async function command(body) {
  try {
    process.exitCode = (await body()) || 0
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error)
    process.exitCode = 1
  }
}
