/** 完成率 in whole percent: never 100 before the last one, never 0 after the first. */
export function donePercent(done: number, executions: number): number {
  if (done === 0 || executions === 0) return 0
  if (done === executions) return 100
  return Math.min(99, Math.max(1, Math.round((done / executions) * 100)))
}
