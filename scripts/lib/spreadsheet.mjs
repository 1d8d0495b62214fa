import { spawnSync } from 'node:child_process'
import { installFromApt, mayUseApt } from './apt.mjs'
import { step } from './run.mjs'

const PACKAGE = 'libreoffice-calc-nogui'

/**
 * Makes sure of LibreOffice, which reads the Excel file in a test. Nothing else needs it: where it cannot be had, that one
 * test says that it was skipped.
 */
export async function prepareSpreadsheet() {
  if (hasLibreOffice()) return
  if (mayUseApt()) await step(`Installing ${PACKAGE}`, () => installFromApt([PACKAGE])).catch(report)
  if (!hasLibreOffice()) console.log('No LibreOffice on this machine: nobody else reads the Excel file.')
}

const hasLibreOffice = () => spawnSync('soffice', ['--version']).status === 0

const report = (error) => console.log(error.message)
