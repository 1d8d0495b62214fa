import type { WecomEvent } from '../events.ts'

/** The plain events of WECOM.md 4.6, as they are after decryption, with what the client reads in them. */
export interface EventExample {
  xml: string
  userId: string
  means: WecomEvent
  /** Elements that WeCom sends in some cases only. */
  optional?: string[]
}

const from = (userid: string, inner: string): string =>
  `<xml><ToUserName><![CDATA[wwcorp]]></ToUserName><FromUserName><![CDATA[${userid}]]></FromUserName>` +
  `<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType>${inner}</xml>`

const card =
  '<EventKey><![CDATA[later:42]]></EventKey><TaskId><![CDATA[mt-42-b001-0]]></TaskId>' +
  '<CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[RC2]]></ResponseCode><AgentID>1000002</AgentID>' +
  '<SelectedItems><SelectedItem><QuestionKey><![CDATA[q1]]></QuestionKey><OptionIds><OptionId><![CDATA[o1]]></OptionId>' +
  '</OptionIds></SelectedItem></SelectedItems>'
const click = {
  ...{ taskId: 'mt-42-b001-0', eventKey: 'later:42', cardType: 'button_interaction', responseCode: 'RC2' },
  selected: [{ questionKey: 'q1', optionIds: ['o1'] }],
}

export const EVENT_EXAMPLES = {
  enter_agent: {
    xml: from(
      'zhangsan',
      '<Event><![CDATA[enter_agent]]></Event><EventKey><![CDATA[]]></EventKey><AgentID>1000002</AgentID>',
    ),
    userId: 'zhangsan',
    means: { kind: 'enter_agent' },
  },
  template_card_event: {
    xml: from('zhangsan', `<Event><![CDATA[template_card_event]]></Event>${card}`),
    userId: 'zhangsan',
    means: { kind: 'template_card_event', ...click },
    optional: ['SelectedItems'],
  },
  template_card_menu_event: {
    xml: from('zhangsan', `<Event><![CDATA[template_card_menu_event]]></Event>${card}`),
    userId: 'zhangsan',
    means: { kind: 'template_card_menu_event', ...click },
    optional: ['SelectedItems'],
  },
  change_contact: {
    xml: from(
      'sys',
      '<Event><![CDATA[change_contact]]></Event><ChangeType>update_user</ChangeType>' +
        '<UserID><![CDATA[zhangsan]]></UserID><NewUserID><![CDATA[zhangsan01]]></NewUserID><Name><![CDATA[张三]]></Name>' +
        '<Department><![CDATA[1,2]]></Department><MainDepartment>1</MainDepartment>' +
        '<IsLeaderInDept><![CDATA[0,1]]></IsLeaderInDept><DirectLeader><![CDATA[lisi]]></DirectLeader><Status>1</Status>',
    ),
    userId: 'sys',
    means: {
      kind: 'change_contact',
      change: { type: 'update_user', userId: 'zhangsan', newUserId: 'zhangsan01', name: '张三' },
    },
    optional: ['NewUserID', 'IsLeaderInDept', 'DirectLeader', 'Position'],
  },
} satisfies Record<string, EventExample>
