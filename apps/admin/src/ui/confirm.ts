import 'element-plus/theme-chalk/el-button.css'
import 'element-plus/theme-chalk/el-input.css'
import 'element-plus/theme-chalk/el-message-box.css'
import 'element-plus/theme-chalk/el-overlay.css'
import { ElMessageBox } from 'element-plus'

/** Asks before something that cannot be undone; the button says what it does. */
export async function confirmed(title: string, text: string, button: string, danger = true): Promise<boolean> {
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
