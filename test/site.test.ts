/** The builder of the documentation: where links lead, and that a link that leads nowhere is seen. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkProblems } from '../tools/site/links.mjs'
import { createMarkdown, slugify } from '../tools/site/markdown.mjs'
import { repository } from '../tools/site/pages.mjs'

describe('Markdown', () => {
  const problems: string[] = []
  const toHtml = createMarkdown(new Map([['verify', 'api/selectability.html#verify']]), problems)
  const html = (text: string): string => toHtml(text, { source: 'docs/guide.md', page: 'guide.html' }).html

  beforeEach(() => problems.splice(0))

  it('makes links to Markdown files links to pages', () => {
    expect(html('[c](cli.md#exit)')).toContain('href="cli.html#exit"')
    expect(html('[r](../README.md)')).toContain('href="readme.html"')
    expect(html('<a class="button" href="cli.md">c</a>')).toContain('href="cli.html"')
    expect(html('![f](paper/figure2.svg)')).toContain('src="paper/figure2.svg"')
    expect(html('[x](https://example.org/a.md) [y](#here)')).toMatch(/href="https:\/\/example.org\/a.md".*href="#here"/)
    expect(problems).toEqual([])
  })

  it('makes links to other files links to the repository, and notes those to none', () => {
    expect(html('[s](../src/index.ts)')).toContain(`href="${repository}/blob/main/src/index.ts"`)
    expect(problems).toEqual([])
    html('[s](../src/gone.ts)')
    expect(problems).toEqual(['docs/guide.md: links to ../src/gone.ts, which is not there'])
  })

  it('leads from names in the text to the reference, but not inside a link or a heading', () => {
    expect(html('`verify(keys)`')).toContain('<a class="symbol" href="api/selectability.html#verify"><code>')
    expect(html('[`verify`](cli.md)')).not.toContain('symbol')
    expect(html('# `verify`')).not.toContain('symbol')
    expect(html('`unknown`')).not.toContain('symbol')
  })

  it('uses no style attribute, which the policy would refuse', () => {
    expect(html('| a | b |\n| --: | - |\n| 1 | 2 |')).toContain('<th class="right">a</th>')
    expect(html('| a |\n| --: |\n| 1 |')).not.toContain('style=')
  })

  it('notes cells that no column shows', () => {
    html('| a | b |\n| - | - |\n| 1 | 2 |\n| 1 |\n| x \\| y | 2 |\n')
    expect(problems).toEqual([])
    html('| a | b |\n| - | - |\n| 1 | 2 | 3 |\n')
    expect(problems).toEqual(['docs/guide.md: has a row of more cells than its head, | 1 | 2 | 3 |…'])
  })

  it('names anchors as GitHub does', () => {
    expect(slugify('What `f(x)` gives: 2-D, and “more”')).toBe('what-fx-gives-2-d-and-more')
  })
})

describe('the check of links', () => {
  let folder: string
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'selectability-site-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('follows relative links, with and without a heading', () => {
    write('index.html', '<h1 id="top">T</h1><a href="api/a.html#b">b</a><a href="#top">t</a><img src="p.svg">')
    write(
      'api/a.html',
      '<h2 id="b">B</h2><a class="x" href="../index.html#top">t</a><a href="https://example.org">e</a>',
    )
    write('p.svg', '')
    expect(linkProblems(folder)).toEqual([])
  })

  it('names what is missing, and what is asked of another place', () => {
    write('index.html', '<a href="a.html">a</a><a href="b.html#no">b</a><img src="//example.org/x.png">')
    write('b.html', '<h2 id="yes">B</h2>')
    expect(linkProblems(folder)).toEqual([
      'index.html: links to a.html, which is not there',
      'index.html: links to b.html#no, and b.html has no such heading',
      'index.html: <img src> asks for //example.org/x.png',
    ])
  })
})
