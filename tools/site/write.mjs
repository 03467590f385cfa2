/** Writes the pages: Markdown and the reference become HTML in the frame that all share. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { symbolsOf } from './api.mjs'
import { createMarkdown, slugify } from './markdown.mjs'
import { pageOf, pages, root } from './pages.mjs'
import { render } from './template.mjs'

/** What search engines show: the first paragraph, as plain text. */
function descriptionOf(markdown) {
  const paragraph = /^(?!#|<|\||!|```)[^\n]+(?:\n[^\n]+)*/m.exec(markdown)?.[0] ?? ''
  return paragraph
    .replace(/\s+/g, ' ')
    .replace(/\]\(.*?\)|[`*_[\]]/g, '')
    .slice(0, 180)
}

/** @returns a function that writes a page of the folder `out`, given what `render` takes. */
function writer(out) {
  return (frame) => {
    const file = join(out, frame.page)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, render(frame))
  }
}

/** A page that is a program: its markup, with the scripts and styles of the input of its name. */
function appFrame({ theme, ...apps }, { source, page, title }) {
  const { scripts, styles } = apps[page.replace('.html', '')]
  const description = `${title}: which keys can attention select? Computed in your browser, with proofs.`
  const body = readFileSync(join(root, source), 'utf8')
  return { page, title, description, body, scripts, styles: [...theme.styles, ...styles], wide: true }
}

/**
 * Writes all pages to the folder `out`.
 *
 * @param assets scripts and styles, as `bundle` returns them
 * @param api the reference as Markdown, as `readApi` returns it
 * @returns links that lead nowhere
 */
export function writePages(out, assets, api) {
  const problems = []
  const toHtml = createMarkdown(symbolsOf(api, slugify), problems)
  const write = writer(out)
  const { styles } = assets.theme
  for (const { source, page, title } of pages) {
    if (source === 'api') continue
    if (source.endsWith('.html')) {
      write(appFrame(assets, { source, page, title }))
      continue
    }
    const text = readFileSync(join(root, source), 'utf8')
    const { html, headings } = toHtml(text, { source, page })
    const home = page === 'index.html'
    const body = home ? html : `<article>${html}</article>`
    write({ page, title, styles, body, headings: home ? [] : headings, description: descriptionOf(text), wide: home })
  }
  writeReference(write, toHtml, api, styles)
  for (const folder of ['paper', 'pictures']) {
    if (existsSync(join(root, 'docs', folder)))
      cpSync(join(root, 'docs', folder), join(out, folder), { recursive: true })
  }
  return problems
}

/** A page an entry of the package, and one that lists the names of all. */
function writeReference(write, toHtml, api, styles) {
  const link = (href) => href.replace(/^(\w+)[.]md/, (_, module) => pageOf(module).slice('api/'.length))
  const listed = api.map(({ module, name, text }) => {
    const page = pageOf(module)
    const { html, headings } = toHtml(text, { source: page, page, link })
    const body = `<article class="api"><h1>${name}</h1>${html}</article>`
    write({ page, title: name, styles, body, headings, description: descriptionOf(text) })
    const address = page.slice('api/'.length)
    const names = headings
      .filter(({ level }) => level === 3)
      .map(({ id, title }) => `<a href="${address}#${id}"><code>${title}</code></a>`)
    return `<h2><a href="${address}"><code>${name}</code></a></h2><p>${descriptionOf(text)}</p><p class="names">${names.join(' ')}</p>`
  })
  const intro = `Written from the docstrings, whose examples the tests run. The package has ${api.length} entries.`
  const body = `<article><h1>API reference</h1><p>${intro}</p>${listed.join('')}</article>`
  write({ page: 'api/index.html', title: 'API reference', styles, body, description: intro })
}
