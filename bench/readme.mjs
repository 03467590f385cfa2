/** Figures in the README stand between markers, `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`, and are written by the benches alone. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

const readme = fileURLToPath(new URL('../README.md', import.meta.url))

/** Replaces one section of the README by Markdown text. */
export async function writeSection(name, body) {
  const before = readFileSync(readme, 'utf8')
  const section = new RegExp(`(<!-- bench:${name} -->\\n)[^]*?(<!-- /bench:${name} -->)`)
  if (!section.test(before)) throw new Error(`README.md: no section bench:${name}`)
  const text = before.replace(section, (_, open, close) => `${open}\n${body}\n\n${close}`)
  const options = await resolveConfig(readme)
  writeFileSync(`${readme}.tmp`, await format(text, { ...options, parser: 'markdown' }))
  renameSync(`${readme}.tmp`, readme)
}
