import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Router } from 'express'
import { BadConfiguration, type Config } from '../config.ts'

/**
 * Serves the file by which WeCom checks that the trusted domain is ours, at the root of the domain. Without it OAuth works
 * and the JS-SDK is refused with 85005 (WECOM.md 2.5, 5.9). Read once: it never changes.
 * @throws {BadConfiguration} when there is no such file
 */
export function domainFile({ domainFile: path }: Config): Router {
  const router = Router()
  if (path === null) return router
  const content = readDomainFile(path)
  router.get(`/${basename(path)}`, (_request, response) => void response.type('text/plain').send(content))
  return router
}

function readDomainFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    throw new BadConfiguration([`WECOM_DOMAIN_FILE ${path} cannot be read: put the file there that WeCom gave you`])
  }
}
