import type { Endpoint } from '@qimeng/contract/endpoint'
import { z } from 'zod'

const PROBLEM = { $ref: '#/components/responses/Problem' }

/** The contract as OpenAPI 3.1, for people who write their own client. */
export function describeApi(endpoints: Record<string, Endpoint>) {
  const paths: Record<string, Record<string, object>> = {}
  for (const [operationId, endpoint] of Object.entries(endpoints)) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    const operations = (paths[path] ??= {})
    operations[endpoint.method.toLowerCase()] = describeEndpoint(operationId, endpoint)
  }
  return {
    openapi: '3.1.0',
    info: { title: '企盟助手 · 朋友圈群发', version: '1' },
    paths,
    components: {
      responses: {
        Problem: {
          description: 'What went wrong, in Chinese, with a code from a closed list',
          content: { 'application/json': { schema: { type: 'object', required: ['code', 'message', 'requestId'] } } },
        },
      },
    },
  }
}

function describeEndpoint(operationId: string, endpoint: Endpoint) {
  const names = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => name)
  const query = endpoint.query ? z.toJSONSchema(endpoint.query, { io: 'input', unrepresentable: 'any' }) : undefined
  const queryParameters = Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: query?.required?.includes(name) ?? false,
    schema,
  }))
  return {
    operationId,
    summary: endpoint.summary,
    tags: [endpoint.for],
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...queryParameters,
    ],
    ...requestBody(endpoint),
    responses: { 200: success(endpoint), default: PROBLEM },
  }
}

function requestBody(endpoint: Endpoint) {
  if (endpoint.upload) {
    const schema = { type: 'object', properties: { image: { type: 'string', format: 'binary' } } }
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } }
  }
  if (!endpoint.body) return {}
  const schema = z.toJSONSchema(endpoint.body, { io: 'input', unrepresentable: 'any' })
  return { requestBody: { required: true, content: { 'application/json': { schema } } } }
}

function success(endpoint: Endpoint) {
  if (!endpoint.reply) return { description: 'A file' }
  return {
    description: 'OK',
    content: { 'application/json': { schema: z.toJSONSchema(endpoint.reply, { unrepresentable: 'any' }) } },
  }
}
