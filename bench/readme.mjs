/** Figures in Markdown stand between markers, `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`, and are written by the benches alone. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

/** Replaces one section of a page, the README unless told, by Markdown text. */
export async function writeSection(name, body, page = 'README.md') {
  const path = fileURLToPath(new URL(`../${page}`, import.meta.url))
  const before = readFileSync(path, 'utf8')
  const section = new RegExp(`(<!-- bench:${name} -->\\n)[^]*?(<!-- /bench:${name} -->)`)
  if (!section.test(before)) throw new Error(`${page}: no section bench:${name}`)
  const text = before.replace(section, (_, open, close) => `${open}\n${body}\n\n${close}`)
  const options = await resolveConfig(path)
  writeFileSync(`${path}.tmp`, await format(text, { ...options, parser: 'markdown' }))
  renameSync(`${path}.tmp`, path)
}
