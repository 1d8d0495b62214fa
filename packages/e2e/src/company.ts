import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startService, type Service } from './service.ts'

const SIMULATOR = 'packages/simulator/src/main.ts'

/** Where the server is reached, and where the WeCom that is simulated for it. */
export interface Addresses {
  publicUrl: string
  simulatorUrl: string
}

export interface Company {
  simulator: Service
  /** Of a server of this company that keeps its data in the same folder. */
  env: Record<string, string>
}

/** Starts a simulated WeCom over a data folder. */
export async function openCompany(
  folder: string,
  { publicUrl, simulatorUrl }: Addresses,
  onNoise?: (text: string) => void,
): Promise<Company> {
  const simulator = await startService(SIMULATOR, {
    env: {
      SIMULATOR_PORT: new URL(simulatorUrl).port,
      SIMULATOR_DATA: join(folder, 'simulator.db'),
      APP_URL: publicUrl,
    },
    isReady: (line) => line.ready === true,
    ...(onNoise ? { onNoise } : {}),
  })
  const { corp } = simulator.ready as { corp: { corpId: string; agentId: number; secret: string } }
  const env = {
    HOST: '127.0.0.1',
    PORT: new URL(publicUrl).port,
    PUBLIC_URL: publicUrl,
    DATA_DIR: folder,
    ADMIN_USERIDS: 'zhangsan,linjianguo',
    WECOM_CORP_ID: corp.corpId,
    WECOM_AGENT_ID: String(corp.agentId),
    WECOM_SECRET: corp.secret,
    WECOM_API_URL: simulatorUrl,
    WECOM_OAUTH_URL: simulatorUrl,
    WECOM_LOGIN_URL: simulatorUrl,
  }
  return { simulator, env }
}

/** Each must know the other's address before it listens, so the ports are chosen first. */
export async function freeAddresses(): Promise<Addresses> {
  const [publicPort, simulatorPort] = await Promise.all([freePort(), freePort()])
  return { publicUrl: `http://localhost:${publicPort}`, simulatorUrl: `http://localhost:${simulatorPort}` }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
