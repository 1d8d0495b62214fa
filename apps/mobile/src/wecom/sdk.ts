/** The calls of the SDK that this app makes, by name: the whole SDK is 18 KB on the wire, these are 7. */
export {
  closeWindow,
  onMenuShareTimeline,
  previewImage,
  register,
  setClipboardData,
  shareToExternalMoments,
  updateTimelineShareData,
} from '@wecom/jssdk'
