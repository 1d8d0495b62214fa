/** What this process has worked (ms) since: however long it had to wait for a busy machine. */
export function startWork(): () => number {
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
}
