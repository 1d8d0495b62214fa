import 'element-plus/es/components/message-box/style/css'
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
  }
}
