import { answerScenarios } from './answers.ts'
import { changeScenarios } from './changes.ts'
import { postgresCluster, sqliteFiles } from './databases.ts'
import { killScenarios } from './kills.ts'
import { peopleScenarios } from './people.ts'
import { rigOn } from './rig.ts'
import type { Extent, Findings, Scenario } from './scenario.ts'
import { inColumns } from '../figures.ts'
import { timeScenarios } from './time.ts'
import { workerScenarios } from './workers.ts'

/** On every change, and when one wants to know. */
export const SHORT = { kills: 20, seed: 1 }
const LONG = { kills: 200, seed: 2 }

const numberOf = ({ id }: Scenario) => Number(id.slice(1))

/** QUALITY.md 1, R1–R12 and R15. */
export const SCENARIOS: readonly Scenario[] = [
  ...[...killScenarios, ...answerScenarios, ...workerScenarios, ...peopleScenarios],
  ...[...timeScenarios, ...changeScenarios],
].sort((a, b) => numberOf(a) - numberOf(b))

/** No card lost and none doubled; whatever else a scenario promises it has held itself. */
export const passed = ({ lost, doubled }: Findings) => lost === 0 && doubled === 0

interface Wanted {
  long: boolean
  /** On PostgreSQL and pg-boss, else on SQLite. */
  postgres: boolean
  only: readonly string[]
}

/** Runs all scenarios, or those named, and prints what they found. @returns whether every promise was held */
export async function faults({ long, postgres, only }: Wanted): Promise<boolean> {
  const databases = postgres ? await postgresCluster() : sqliteFiles
  try {
    return await runScenarios({ ...(long ? LONG : SHORT), withRig: rigOn(databases) }, only)
  } finally {
    await databases.stop()
  }
}

async function runScenarios(extent: Extent, only: readonly string[]): Promise<boolean> {
  const wanted = SCENARIOS.filter(({ id }) => only.length === 0 || only.includes(id))
  const began = performance.now()
  const runOne = async (scenario: Scenario) => {
    const found = await scenario.run(extent).catch((error: Error) => error)
    const broken = found instanceof Error || !passed(found)
    if (found instanceof Error) process.stderr.write(`${scenario.id} ${scenario.name}: ${found.stack}\n`)
    process.stderr.write(`${seconds(began)} ${scenario.id} ${scenario.name}: ${broken ? 'BROKEN' : 'held'}\n`)
    return { broken, line: lineOf(scenario, found, broken) }
  }
  // Side by side, as far as there is room for their companies.
  const results = await Promise.all(wanted.map(runOne))
  const columns = ['', 'scenario', 'runs', 'kills', 'lost', 'doubled', 'slowest recovery', 'passes when', '']
  process.stdout.write(`\n${inColumns([columns, ...results.map(({ line }) => line)])}\n${seconds(began)} in all\n`)
  return wanted.length > 0 && !results.some(({ broken }) => broken)
}

const seconds = (began: number) => `${((performance.now() - began) / 1000).toFixed(1)} s`

function lineOf({ id, name, passes }: Scenario, found: Findings | Error, broken: boolean): string[] {
  const end = [passes, broken ? 'BROKEN' : 'held']
  if (found instanceof Error) return [id, name, '', '', '', '', '', ...end]
  const { runs, kills, lost, doubled, slowestRecovery } = found
  return [id, name, ...[runs, kills, lost, doubled].map(String), `${(slowestRecovery / 1000).toFixed(1)} s`, ...end]
}
