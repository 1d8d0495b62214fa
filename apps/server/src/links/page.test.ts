import { NewTask } from '@qimeng/contract'
import { describe, expect, test } from 'vitest'
import { aLink, aPush, aTask } from '../test/builders.ts'
import { startWork } from '../test/work.ts'
import { decodePage } from './charset.ts'
import { describePage } from './page.ts'

const at = new URL('https://news.example/2026/autumn.html')
const describeHtml = (html: string) => describePage(html, at)

describe('what a page says about itself', () => {
  test('is what it says for sharing, before what it says for itself', () => {
    const page = describeHtml(`<!doctype html><html><head>
      <title>秋季新品 - 某某网</title>
      <meta name="description" content="网站描述">
      <meta name="twitter:title" content="推特标题">
      <META PROPERTY="OG:Title" CONTENT='秋季&amp;新品 &#x1F342;'/>
      <meta content="分享描述" property="og:description">
      <meta property="og:image" content="//img.example/cover.jpg?a=1&amp;b=2">
      <link rel="image_src" href="/other.jpg">`)
    expect(page).toEqual({
      title: '秋季&新品 🍂',
      description: '分享描述',
      cover: new URL('https://img.example/cover.jpg?a=1&b=2'),
    })
  })

  test.each([
    ['twitter', '<meta name="twitter:title" content="推特"><title>标题</title>', '推特'],
    ['title', '<title>\n   标题\n  第二行 </title>', '标题 第二行'],
    ['an empty og:title', '<meta property="og:title" content=" "><title>标题</title>', '标题'],
    ['tags outside the head', '<body><p>正文</p><meta property="og:title" content="正文里">', '正文里'],
    ['a title of its picture', '<title>标题</title><svg><title>图标</title></svg>', '标题'],
    ['markup in a title, which is text', '<title>a < b <b>c</b></title>', 'a < b <b>c</b>'],
    ['a script that writes tags', '<script>"<title>假</title>"</script><title>真</title>', '真'],
    ['a comment', '<!-- <title>假</title> --><title>真</title>', '真'],
    ['what nobody sees', '<title>\u202e标\u200b题\u0000</title>', '标题'],
    ['half a character', '<meta property="og:title" content="标\ud83d题">', '标\ufffd题'],
    ['nothing', '<p>只有正文</p>', ''],
  ])('title: %s', (_, html, title) => expect(describeHtml(html).title).toBe(title))

  test.each([
    ['<meta property="og:image" content="cover.png">', 'https://news.example/2026/cover.png'],
    ['<meta name="twitter:image" content="/t.png">', 'https://news.example/t.png'],
    ['<link href=" /i.png " rel="image_src">', 'https://news.example/i.png'],
    ['<meta property="og:image" content="https://">', undefined],
    ['<meta property="og:image" content=""><link rel="icon" href="/favicon.ico">', undefined],
  ])('cover: %s', (html, cover) => expect(describeHtml(html).cover?.href).toBe(cover))

  test('is cut between characters as people count them, and always fits a link', () => {
    const family = '👨‍👩‍👧‍👦'
    const titleOf = (text: string) => describeHtml(`<title>${text}</title>`).title
    expect(titleOf(family.repeat(10) + '长'.repeat(100))).toBe(family.repeat(10) + '长'.repeat(54))
    expect(titleOf(family.repeat(20)), 'also UTF-16 has a limit').toBe(family.repeat(18))
    expect(titleOf('[微笑]'.repeat(70))).toBe('[微笑]'.repeat(50))
    const onTheEdge = `${'长'.repeat(63)}[微笑]`
    expect(titleOf(`${onTheEdge}长`)).toBe(onTheEdge)
    expect(titleOf(`e${'\u0301'.repeat(5000)}`), 'one endless character').toBe('')
    for (const html of [`<title>${family.repeat(80)}</title>`, `<title>${'e\u0301'.repeat(500)}</title>`]) {
      const long = describeHtml(`${html}<meta name=description content="${'述[微笑]'.repeat(400)}">`)
      const link = aLink({ title: long.title, description: long.description })
      expect(NewTask.safeParse(aTask({ pushes: [aPush({ link })] })).success).toBe(true)
    }
  })

  test.each([
    ['unclosed tags, then others closed', '<x>'.repeat(166_000) + '</b>'.repeat(125_000)],
    ['nested paragraphs', '<p><x>'.repeat(160_000)],
    ['attributes', `<meta ${'x=1 '.repeat(250_000)}>`],
    ['attributes of many names', `<meta ${Array.from({ length: 100_000 }, (_, index) => `x${index}`).join(' ')}>`],
    ['metas', '<meta property=og:title>'.repeat(43_000)],
    ['titles', '<title>'.repeat(150_000)],
    ['a title that never ends', `<title>${'</titl'.repeat(160_000)}`],
    ['entities', `<title>${'&amp'.repeat(250_000)}`],
    ['blanks', `<title>${' '.repeat(1_000_000)}`],
  ])('a megabyte of %s keeps nobody waiting', async (_, html) => {
    const work = () => {
      const worked = startWork()
      describeHtml(html)
      return worked()
    }
    // A machine that does other things may be slow once; a reader that goes back for each tag is slow each time.
    await expect.poll(work).toBeLessThan(1500)
  })
})

describe('a page’s bytes', () => {
  const gbk = Buffer.from([0xd0, 0xc2, 0xc6, 0xb7]) // 新品
  const big5 = Buffer.from([0xb7, 0x73, 0xab, 0x7e]) // 新品
  test.each([
    ['say it in the header', gbk, 'text/html; charset=GBK'],
    ['say it in quotes', gbk, 'text/html; charset="gb2312"'],
    ['say it in the page', Buffer.concat([Buffer.from('<meta charset="gb18030">'), gbk]), 'text/html'],
    [
      'say it the old way',
      Buffer.concat([Buffer.from('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'), gbk]),
      'text/html',
    ],
    ['say another one', big5, 'text/html; charset=big5'],
    ['say nothing and are UTF-8', Buffer.from('新品'), 'text/html'],
    ['say nothing and are cut', Buffer.from('新品牌').subarray(0, -1), 'text/html'],
    ['say nothing and are GBK', gbk, 'text/html'],
    ['say nonsense', Buffer.from('新品'), 'text/html; charset=klingon'],
    ['have a mark that knows better', Buffer.from('\ufeff新品'), 'text/html; charset=gbk'],
    ['are UTF-16', Buffer.from('\ufeff新品', 'utf16le'), 'text/html'],
  ])('%s', (_, bytes, contentType) => expect(decodePage(bytes, contentType)).toMatch(/新品$/))
})
