/** Asks before something that cannot be undone; the button says what it does. */
export async function confirmed(title: string, text: string, button: string, danger = true): Promise<boolean> {
  // Loaded when it is asked: no page needs it to be seen.
  const { ElMessageBox } = await import('./messageBox.ts')
  try {
    await ElMessageBox.confirm(text, title, {
      confirmButtonText: button,
      confirmButtonClass: danger ? 'el-button--danger' : '',
      cancelButtonText: '返回',
      closeOnClickModal: false,
    })
    return true
  } catch {
    return false
  } finally {
    // What was pressed goes with the box, and cannot keep the focus.
    if (document.activeElement instanceof HTMLElement && document.activeElement.closest('.el-message-box'))
      document.activeElement.blur()
  }
}
