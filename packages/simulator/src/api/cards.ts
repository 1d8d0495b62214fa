import { readSettings, type State } from '../state/state.ts'
import { isObject } from './call.ts'
import { WecomError } from './errors.ts'

type Fields = Record<string, unknown>

const NOTICES = ['text_notice', 'news_notice']
const CARD_TYPES = [...NOTICES, 'button_interaction']

/**
 * Checks a template_card (WECOM.md 3.3). Lengths are only "suggested" by WeCom: nothing is cut. A card that takes the place
 * of another one, `replacing`, may keep its task_id.
 */
export function cardContent(card: Fields, state: State, replacing?: string): Fields {
  const type = card.card_type as string
  if (!CARD_TYPES.includes(type)) throw new WecomError(42031, 'template card invalid card type')
  checkTitle(card, type)
  checkAction(card, type)
  checkLists(card)
  checkTaskId(state, card, type, replacing)
  if (type === 'button_interaction') checkButtons(card)
  if (card.action_menu !== undefined) checkMenu(card.action_menu)
  if (needsCallback(card) && !readSettings(state).callback) {
    throw new WecomError(43012, 'need to set callback url')
  }
  return card
}

/** Cards with a menu or callback buttons come back to the app, and carry a response_code (WECOM.md 3.1). */
export const hasResponseCode = (card: Fields): boolean =>
  card.card_type === 'button_interaction' || isObject(card.action_menu)

function needsCallback(card: Fields): boolean {
  return isObject(card.action_menu) || list(card.button_list).some((button) => button.type !== 1)
}

function checkTitle(card: Fields, type: string): void {
  const title = isObject(card.main_title) && card.main_title.title
  if (title || (type === 'text_notice' && card.sub_title_text)) return
  throw new WecomError(42033, 'template card missing title')
}

function checkAction({ card_action: action, image_text_area: area, card_image: image }: Fields, type: string): void {
  if (NOTICES.includes(type) && !isObject(action)) throw new WecomError(42045, 'template card missing card_action')
  if (isObject(action)) checkTarget(action, 'template card invalid card_action')
  if (type !== 'news_notice') return
  if (!isObject(area) && !(isObject(image) && image.url))
    throw new WecomError(42044, 'template card missing card_image.url')
}

/** A jump: type 1 is a url, 2 a mini-program, which needs its appid. */
function checkTarget(target: Fields, reason: string): void {
  if (target.type === 1 && !target.url) throw new WecomError(42028, 'template card missing url')
  if (target.type === 2 && !target.appid) throw new WecomError(42030, 'template card missing appid')
  if (target.type !== 1 && target.type !== 2) throw new WecomError(42045, reason)
}

function checkLists(card: Fields): void {
  const horizontal = list(card.horizontal_content_list)
  const vertical = list(card.vertical_content_list)
  const jumps = list(card.jump_list)
  if (horizontal.length > 6) throw new WecomError(42035, 'template card invalid horizontal_content_list size')
  if (vertical.length > 4) throw new WecomError(42036, 'template card invalid vertical_content_list size')
  if (jumps.length > 3) throw new WecomError(42042, 'template card invalid jump_list size')
  for (const item of horizontal) {
    if (!item.keyname) throw new WecomError(42027, 'template card missing keyname')
    if (item.type === 1 && !item.url) throw new WecomError(42028, 'template card missing url')
    if (item.type === 2 && !item.media_id) throw new WecomError(42029, 'template card missing media_id')
    if (item.type === 3 && !item.userid) throw new WecomError(42050, 'template card invalid userid')
  }
  if (vertical.some((item) => !item.title)) throw new WecomError(42033, 'template card missing title')
  for (const jump of jumps) {
    if (!jump.title) throw new WecomError(42033, 'template card missing title')
    if (jump.type === 1 || jump.type === 2) checkTarget(jump, 'template card invalid jump_list')
  }
}

/** Required for cards that come back; unique within the app; digits, letters and `_-@`, up to 128 bytes. */
function checkTaskId(state: State, card: Fields, type: string, replacing: string | undefined): void {
  const taskId = card.task_id
  const required = type === 'button_interaction' || isObject(card.action_menu)
  if (taskId === undefined && !required) return
  if (typeof taskId !== 'string' || !/^[0-9A-Za-z_\-@]{1,128}$/.test(taskId)) {
    throw new WecomError(42014, 'invalid task_id')
  }
  const used = state.sql<[string], { msgid: string }>('SELECT msgid FROM messages WHERE task_id = ?').get(taskId)
  if (used && used.msgid !== replacing) throw new WecomError(42014, 'invalid task_id, task_id already exists')
}

/** One to three lines with a text and a key, 1024 bytes at most. */
function checkMenu(menu: unknown): void {
  const actions = isObject(menu) ? list(menu.action_list) : []
  if (actions.length < 1 || actions.length > 3) throw new WecomError(42040, 'template card invalid action_list size')
  const keys = new Set(actions.map((action) => action.key))
  const legal = actions.every(({ text, key }) => text && key && Buffer.byteLength(String(key)) <= 1024)
  if (!legal || keys.size < actions.length) throw new WecomError(42041, 'template card invalid action_list')
}

function checkButtons(card: Fields): void {
  const buttons = list(card.button_list)
  if (buttons.length < 1 || buttons.length > 6) throw new WecomError(42038, 'template card invalid button_list size')
  const keys = new Set<unknown>()
  for (const button of buttons) {
    if (!button.text) throw new WecomError(42038, 'template card missing button_list.text')
    if (button.type === 1) {
      if (!button.url) throw new WecomError(42028, 'template card missing url')
    } else if (!button.key || Buffer.byteLength(String(button.key)) > 1024 || keys.has(button.key)) {
      throw new WecomError(42039, 'template card invalid button_list.key')
    }
    if (button.key) keys.add(button.key)
  }
}

const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : [])
