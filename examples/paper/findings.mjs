/**
 * The tables of docs/findings.md stand between markers, `<!-- NAME -->` and `<!-- /NAME -->`, and are written by the scripts that
 * found the numbers.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Rows of one table, padded as prettier does, so that the page stays formatted. */
function table(rows) {
  const columns = rows[0].map((_, c) => Math.max(3, ...rows.map((row) => [...row[c]].length)))
  const line = (row) => `| ${row.map((cell, c) => cell + ' '.repeat(columns[c] - [...cell].length)).join(' | ')} |`
  const rule = `| ${columns.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n')
}

/** @param {{ what: string, paper: string, ours: string, agrees: string }[]} rows */
export function findingsTable(rows) {
  return table([
    ['what', 'paper', 'ours', 'agreement'],
    ...rows.map((row) => [row.what, row.paper, row.ours, row.agrees]),
  ])
}

export function printTable(rows) {
  console.log(findingsTable(rows))
}

/** Puts a table and a line about its run into the page; deleting the page's tables and running again makes them again. */
export function writeFindings(page, name, rows, about) {
  if (!existsSync(page)) throw new Error(`${page}: expected the page with its section ${name}`)
  const before = readFileSync(page, 'utf8')
  const section = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`)
  if (!section.test(before)) throw new Error(`${page}: no section ${name}`)
  const text = before.replace(section, (_, open, close) => `${open}\n${findingsTable(rows)}\n\n${about}\n\n${close}`)
  writeFileSync(`${page}.tmp`, text)
  renameSync(`${page}.tmp`, page)
}
