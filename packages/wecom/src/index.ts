export {
  CallbackRefused,
  answerVerification,
  buttonReply,
  encryptReply,
  readCallback,
  textReply,
  type CallbackQuery,
  type CallbackRefusalReason,
  type CallbackSettings,
  type WecomCallback,
} from './callbacks.ts'
export { noticeCard, textCard, textMessage, type CardLine, type MessageContent, type NoticeCard } from './cards.ts'
export {
  WECOM_HOSTS,
  createWecomClient,
  type WecomCall,
  type WecomClient,
  type WecomFile,
  type WecomLog,
  type WecomParts,
  type WecomSettings,
} from './client.ts'
export {
  getAgent,
  getDepartmentName,
  getTag,
  getUser,
  listDepartments,
  listDepartmentMembers,
  listDepartmentUsers,
  type AgentInfo,
  type DepartmentNode,
  type MemberSummary,
} from './contacts.ts'
export { WecomError, WecomUnreachable, kindOf, type WecomErrorKind } from './errors.ts'
export { type CardClick, type ContactChange, type WecomEvent } from './events.ts'
export { agentTicket, corpTicket, signJsapi, type JsapiSignature } from './jsapi.ts'
export {
  downloadMedia,
  momentsLinkTitle,
  uploadImageUrl,
  uploadMedia,
  uploadMomentsMedia,
  type MediaFile,
  type UploadedMedia,
} from './media.ts'
export {
  MAX_RECIPIENTS,
  freezeMessage,
  recallMessage,
  refusalOf,
  refusedIn,
  sendFrozenMessage,
  updateTemplateCard,
  type RefusedUsers,
  type SendResult,
} from './messages.ts'
export { authorizeUrl, exchangeCode, ssoLoginUrl, type LoginIdentity, type LoginRedirect } from './oauth.ts'
export { readVisibleRange, type ReadRangeOptions, type VisibleDepartment, type VisibleRange } from './range.ts'
export { memoryTokenStore, type Token, type TokenStore } from './tokens.ts'
