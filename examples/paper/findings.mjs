/**
 * The tables of docs/findings.md stand between markers, `<!-- NAME -->` and `<!-- /NAME -->`, and are written by the scripts that
 * found the numbers.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** A table, its header first, padded as prettier does, so that the page stays formatted. */
export function table(rows) {
  const columns = rows[0].map((_, c) => Math.max(3, ...rows.map((row) => [...row[c]].length)))
  const line = (row) => `| ${row.map((cell, c) => cell + ' '.repeat(columns[c] - [...cell].length)).join(' | ')} |`
  const rule = `| ${columns.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n')
}

/** @param {{ what: string, paper: string, ours: string, agrees: string }[]} rows */
export function agreementTable(rows) {
  const cells = rows.map((row) => [row.what, row.paper, row.ours, row.agrees])
  return table([['what', 'paper', 'ours', 'agreement'], ...cells])
}

/** Puts Markdown into a section of the page. */
export function writeFindings(page, name, body) {
  const before = readFileSync(page, 'utf8')
  const section = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`)
  if (!section.test(before)) throw new Error(`${page}: no section ${name}`)
  writeFileSync(
    `${page}.tmp`,
    before.replace(section, (_, open, close) => `${open}\n${body}\n\n${close}`),
  )
  renameSync(`${page}.tmp`, page)
}
