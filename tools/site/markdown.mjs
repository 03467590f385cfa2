/** Markdown to HTML: headings with anchors, coloured code, and links that lead to pages of the site. */
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import shell from 'highlight.js/lib/languages/shell'
import typescript from 'highlight.js/lib/languages/typescript'
import MarkdownIt from 'markdown-it'
import anchor from 'markdown-it-anchor'
import { pages, repository, root } from './pages.mjs'

const languages = { bash, javascript, json, python, shell, typescript }
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language)
hljs.registerAliases(['sh'], { languageName: 'bash' })
hljs.registerAliases(['console'], { languageName: 'shell' })
hljs.registerAliases(['ts'], { languageName: 'typescript' })
hljs.registerAliases(['js', 'mjs'], { languageName: 'javascript' })

/** Anchors as GitHub makes them, so that a link works there and here. */
export function slugify(text) {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/gu, '-')
}

/**
 * Where a relative link of the Markdown file `source` leads from the page `page`: to a page, to a picture beside it, else to the
 * file in the repository.
 */
function resolve(href, source, page, problems) {
  const [path, hash = ''] = href.split('#')
  const suffix = hash === '' ? '' : `#${hash}`
  if (path === '') return suffix
  const target = posix.normalize(posix.join(posix.dirname(source), path))
  const found = pages.find((other) => other.source === target)?.page ?? pictureOf(target)
  if (found !== null) return posix.relative(posix.dirname(page), found) + suffix
  if (!existsSync(join(root, target))) problems.push(`${source}: links to ${href}, which is not there`)
  return `${repository}/blob/main/${target}${suffix}`
}

/** Pictures of the docs are copied as they are. */
function pictureOf(target) {
  return /^docs\/.*[.](svg|png)$/.test(target) ? target.slice('docs/'.length) : null
}

/**
 * A renderer of Markdown files.
 *
 * @param symbols page and anchor of each exported name
 * @param problems where broken links are noted
 */
export function createMarkdown(symbols, problems) {
  const markdown = new MarkdownIt({
    html: true,
    highlight: (code, language) =>
      hljs.getLanguage(language) === undefined ? '' : hljs.highlight(code, { language }).value,
  }).use(anchor, {
    slugify,
    permalink: anchor.permalink.linkInsideHeader({
      symbol: '#',
      placement: 'after',
      // For eyes and pointers; whoever listens has the headings themselves.
      ariaHidden: true,
      renderAttrs: () => ({ tabindex: '-1' }),
    }),
  })
  const { code_inline: plain, fence } = markdown.renderer.rules
  // Names in the text lead to the reference, unless they are part of a link.
  markdown.renderer.rules.code_inline = (tokens, at, options, env, self) => {
    const name = /^(\w+)(\(.*\))?$/.exec(tokens[at].content)?.[1] ?? ''
    const open = tokens
      .slice(0, at)
      .reduce((depth, { type }) => depth + (type === 'link_open') - (type === 'link_close'), 0)
    const code = plain(tokens, at, options, env, self)
    const target = symbols.get(name)
    if (target === undefined || open > 0 || env.heading || env.page.startsWith('api/')) return code
    return `<a class="symbol" href="${posix.relative(posix.dirname(env.page), target)}">${code}</a>`
  }
  markdown.renderer.rules.heading_open = (tokens, at, options, env, self) => {
    env.heading = true
    return self.renderToken(tokens, at, options)
  }
  markdown.renderer.rules.heading_close = (tokens, at, options, env, self) => {
    env.heading = false
    return self.renderToken(tokens, at, options)
  }
  // Text that is wider than the page scrolls, and can be scrolled with the keyboard.
  markdown.renderer.rules.fence = (tokens, at, options, env, self) =>
    fence(tokens, at, options, env, self).replace('<pre>', '<pre tabindex="0">')
  markdown.renderer.rules.table_open = () => '<div class="table" tabindex="0" role="group" aria-label="Table"><table>'
  markdown.renderer.rules.table_close = () => '</table></div>'
  markdown.core.ruler.push('styles_as_classes', ({ tokens }) => {
    // The policy of the site forbids style attributes.
    for (const token of tokens.flatMap((token) => [token, ...(token.children ?? [])])) {
      const style = /text-align:(\w+)/.exec(token.attrGet('style') ?? '')?.[1]
      if (style === undefined) continue
      token.attrs = token.attrs.filter(([name]) => name !== 'style')
      token.attrSet('class', style)
    }
  })
  markdown.core.ruler.push('whole_rows', ({ src, tokens, env }) => {
    const lines = src.split('\n')
    for (const { map } of tokens.filter(({ type }) => type === 'table_open')) {
      const [head, , ...rows] = lines.slice(...map)
      // What a row has beyond its head is shown nowhere.
      const row = rows.find((other) => cellsOf(other) > cellsOf(head))
      if (row !== undefined) problems.push(`${env.source}: has a row of more cells than its head, ${row.slice(0, 40)}…`)
    }
  })
  markdown.core.ruler.push('links', ({ tokens, env }) => {
    const follow = (href) => {
      if (/^[a-z]+:/.test(href)) return href
      return env.link ? env.link(href) : resolve(href, env.source, env.page, problems)
    }
    for (const token of tokens.flatMap((token) => [token, ...(token.children ?? [])])) {
      for (const name of ['href', 'src']) {
        const href = token.attrGet(name)
        if (href !== null) token.attrSet(name, follow(href))
      }
      if (token.type.startsWith('html_')) {
        token.content = token.content.replace(
          / (href|src|srcset)="([^"]*)"/g,
          (_, name, href) => ` ${name}="${follow(href)}"`,
        )
      }
    }
  })
  return (text, env) => {
    const html = markdown.render(text, env)
    return { html, headings: headingsOf(html) }
  }
}

/** Cells of a line of a table. */
function cellsOf(line) {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/).length
}

/** Second- and third-level headings, for the contents of a page. */
function headingsOf(html) {
  return Array.from(
    html.matchAll(/<h([23]) id="([^"]+)"[^>]*>(.*?) <a class="header-anchor"/gs),
    ([, level, id, title]) => ({
      level: Number(level),
      id,
      title: title.replace(/<[^>]+>/g, ''),
    }),
  )
}
