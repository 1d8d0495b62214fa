// Imported first by every command, in syntax old Nodes can read: the newer things below would only confuse them.
const OLDEST = 18

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  console.error(
    `This needs Node ${OLDEST} or newer (it brings its own Node 24), and this is Node ${process.versions.node}.`,
  )
  process.exit(1)
}
