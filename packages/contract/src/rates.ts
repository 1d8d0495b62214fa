/** How often one person may do something. An address may do it 100 times as often: a whole company may sit behind one. */
export interface Rate {
  times: number
  /** Within so many. */
  seconds: number
  /** What came too often, for whoever it was; the server adds when to come again. */
  message: string
}

/** Far more than anybody needs, far less than a script can do. */
export const RATES = {
  /** A task has 45 pictures at most, a proof 9. */
  upload: { times: 120, seconds: 600, message: '上传过于频繁' },
  /** A task has 5 links at most: enough for several, too few to scan anything with. */
  preview: { times: 20, seconds: 60, message: '获取过于频繁' },
  /** As often as its pictures: a whole office may publish in the same minutes from one address. */
  submit: { times: 120, seconds: 600, message: '提交过于频繁' },
  /** Each builds a file of up to 100,000 rows. */
  export: { times: 60, seconds: 600, message: '导出过于频繁' },
  /** Each may send a card to everybody. */
  send: { times: 60, seconds: 600, message: '操作过于频繁' },
  /** Fields search while one types. */
  search: { times: 600, seconds: 60, message: '查询过于频繁' },
  /** Each fetches a token: whom WeCom sees again and again with a wrong secret it shuts out for an hour. */
  check: { times: 60, seconds: 600, message: '检查过于频繁' },
  /** WeCom counts the calls of a copy. */
  sync: { times: 20, seconds: 600, message: '同步过于频繁' },
} as const satisfies Record<string, Rate>
