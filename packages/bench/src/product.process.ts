import { createLog, readConfig, startServer } from '@qimeng/server'
import { useridOf } from './tasks/data.ts'
import { answerUsed } from './used.ts'

// The whole product, everything on, each request logged. No WeCom answers: nothing asked of it here needs one.
const NOBODY = 'http://127.0.0.1:9'
const file = process.argv[2]!
const config = readConfig({
  ...{ DATABASE_URL: `sqlite:${file}`, DATA_DIR: `${file}.data`, PORT: '0', PUBLIC_URL: 'http://localhost' },
  ...{ LOG_LEVEL: 'debug', ADMIN_USERIDS: useridOf(0) },
  ...{ WECOM_CORP_ID: 'bench', WECOM_AGENT_ID: '1', WECOM_SECRET: 'bench', WECOM_API_URL: NOBODY },
})
const server = await startServer(config, { log: createLog(config) })
answerUsed()
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
process.send!({ port: server.port })
