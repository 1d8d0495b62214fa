import type { WecomClient, WecomCall } from './client.ts'
import { WecomError } from './errors.ts'

/** What the app looks like to WeCom, and who sees it (WECOM.md 8). */
export interface AgentInfo {
  name: string
  closed: boolean
  redirectDomain: string
  homeUrl: string
  /** 上报进入应用事件: WeCom tells of whoever opens the app (WECOM.md 4.6). Undefined where it does not say. */
  reportsEnter: boolean | undefined
  visible: { userIds: string[]; departmentIds: number[]; tagIds: number[] }
}

export interface DepartmentNode {
  id: number
  parentId: number
  order: number
}

export interface MemberSummary {
  userid: string
  name: string
  departmentIds: number[]
  /** Where WeCom tells it: some answers and some apps do without. */
  mainDepartmentId: number | undefined
  position: string | undefined
  /** False for somebody disabled, or who has quit the corp: WeCom keeps both in its lists. True where it does not tell. */
  active: boolean
}

const get = <Answer extends object>(client: WecomClient, path: string, query?: WecomCall['query']): Promise<Answer> =>
  client.call<Answer>({ method: 'GET', path: `/cgi-bin/${path}`, ...(query && { query }) })

/** agent/get of our own app. */
export async function getAgent(client: WecomClient): Promise<AgentInfo> {
  const answer = await get<{
    name: string
    close?: number
    redirect_domain?: string
    home_url?: string
    isreportenter?: number
    allow_userinfos?: { user?: { userid: string }[] }
    allow_partys?: { partyid?: number[] }
    allow_tags?: { tagid?: number[] }
  }>(client, 'agent/get', { agentid: client.settings.agentId })
  return {
    name: answer.name,
    closed: answer.close === 1,
    redirectDomain: answer.redirect_domain ?? '',
    homeUrl: answer.home_url ?? '',
    reportsEnter: answer.isreportenter === undefined ? undefined : answer.isreportenter === 1,
    visible: {
      userIds: (answer.allow_userinfos?.user ?? []).map(({ userid }) => userid),
      departmentIds: answer.allow_partys?.partyid ?? [],
      tagIds: answer.allow_tags?.tagid ?? [],
    },
  }
}

/** department/simplelist: a department and all below it, or all the app may see. It gives no names. */
export async function listDepartments(client: WecomClient, id?: number): Promise<DepartmentNode[]> {
  const { department_id } = await get<{ department_id: { id: number; parentid: number; order?: number }[] }>(
    client,
    'department/simplelist',
    { id },
  )
  return department_id.map(({ id, parentid, order = 0 }) => ({ id, parentId: parentid, order }))
}

/** department/get, the only endpoint with a department's name that WeCom does not discourage. */
export async function getDepartmentName(client: WecomClient, id: number): Promise<string> {
  const { department } = await get<{ department: { name?: string } }>(client, 'department/get', { id })
  return department.name ?? ''
}

interface WireMember {
  userid: string
  name?: string
  department?: number[]
  main_department?: number
  position?: string
  status?: number
}

// WECOM.md 4.6. Who is not activated (4) is an employee all the same, who has not opened WeCom yet.
const DISABLED = 2
const QUIT = 5

/** WeCom gives no details of these members: there are too many of them, or they are not for this app (WECOM.md 8). */
const NO_DETAILS = new Set([45029, 48002, 48009])

/** user/list: the members directly in a department, not those below it; user/simplelist where details are not to be had. */
export async function listDepartmentMembers(client: WecomClient, departmentId: number): Promise<MemberSummary[]> {
  try {
    const query = { department_id: departmentId }
    const { userlist } = await get<{ userlist: WireMember[] }>(client, 'user/list', query)
    return userlist.map(memberOf)
  } catch (error) {
    if (error instanceof WecomError && NO_DETAILS.has(error.errcode)) return listDepartmentUsers(client, departmentId)
    throw error
  }
}

/** user/simplelist: the same with names alone. */
export async function listDepartmentUsers(client: WecomClient, departmentId: number): Promise<MemberSummary[]> {
  const { userlist } = await get<{ userlist: WireMember[] }>(client, 'user/simplelist', { department_id: departmentId })
  return userlist.map(memberOf)
}

/** user/get; a member outside the range looks like one who does not exist (60111). */
export async function getUser(client: WecomClient, userid: string): Promise<MemberSummary> {
  return memberOf(await get<WireMember>(client, 'user/get', { userid }))
}

/** tag/get: the members a tag names, and the departments it stands for with all below them. */
export async function getTag(client: WecomClient, id: number): Promise<{ userIds: string[]; departmentIds: number[] }> {
  const answer = await get<{ userlist?: { userid: string }[]; partylist?: number[] }>(client, 'tag/get', { tagid: id })
  return { userIds: (answer.userlist ?? []).map(({ userid }) => userid), departmentIds: answer.partylist ?? [] }
}

function memberOf({ userid, name, department, main_department, position, status }: WireMember): MemberSummary {
  return {
    userid,
    // WeCom leaves out names it does not show to newer third-party apps; the id is what remains.
    name: name || userid,
    departmentIds: department ?? [],
    mainDepartmentId: main_department,
    position,
    active: status !== DISABLED && status !== QUIT,
  }
}
