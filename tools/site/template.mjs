/** The frame of every page. Addresses are relative, so that the site works from any path. */
import { posix } from 'node:path'
import { groups } from './pages.mjs'

function escape(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function menu(page, to) {
  const link = ({ page: target, title }) =>
    `<li><a href="${to(target)}"${target === page ? ' aria-current="page"' : ''}>${escape(title)}</a></li>`
  return groups.map(({ title, pages }) => `<div><h2>${title}</h2><ul>${pages.map(link).join('')}</ul></div>`).join('')
}

function contents(headings) {
  if (headings.length < 3) return ''
  const items = headings.map(({ level, id, title }) => `<li class="level-${level}"><a href="#${id}">${title}</a></li>`)
  return `<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${items.join('')}</ul></nav>`
}

/**
 * A whole page.
 *
 * @param page its address in the site
 * @param wide without menu beside it, for pages that need the width
 */
export function render({ page, title, description, body, headings = [], scripts = [], styles = [], wide = false }) {
  const to = (target) => posix.relative(posix.dirname(page), target)
  const name = page === 'index.html' ? 'selectability: which keys can attention select?' : `${title} · selectability`
  const links = [
    ['guide.html', 'Guide'],
    ['demo.html', 'Demo'],
    ['cli.html', 'Command line'],
    ['api/index.html', 'API'],
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(name)}</title>
<meta name="description" content="${escape(description)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${to('assets/icon.svg')}">
<script src="${to('assets/theme.js')}"></script>
${styles.map((path) => `<link rel="stylesheet" href="${to(path)}">`).join('\n')}
${scripts.map((path) => `<script type="module" src="${to(path)}"></script>`).join('\n')}
</head>
<body${wide ? ' class="wide"' : ''}>
<a class="skip" href="#main">Skip to the text</a>
<header class="top">
<a class="brand" href="${to('index.html')}">selectability</a>
<nav aria-label="Main">${links.map(([target, text]) => `<a href="${to(target)}"${target === page ? ' aria-current="page"' : ''}>${text}</a>`).join('')}</nav>
<button type="button" id="theme" aria-label="Theme: as the system"><svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><circle cx="10" cy="10" r="7.5"/><path d="M10 2.5A7.5 7.5 0 0 1 10 17.5Z"/></svg></button>
</header>
<div class="body">
<nav class="menu" aria-label="All pages">${menu(page, to)}</nav>
<main id="main" tabindex="-1">
${body}
</main>
${contents(headings)}
</div>
<footer><p>MIT licence. These pages ask for nothing from elsewhere: what they compute, they compute in your browser.</p></footer>
</body>
</html>
`
}
