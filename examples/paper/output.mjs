/** Where the scripts of the paper's figures write: docs/paper and docs/findings.md, or a folder of the caller's. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { writeFindings } from './findings.mjs'

const paper = new URL('../../docs/paper/', import.meta.url)
const findings = fileURLToPath(new URL('../../docs/findings.md', import.meta.url))

/** `--quick`, `--out FOLDER`, and whatever else a script takes. */
export function readOptions(more = {}) {
  const common = { quick: { type: 'boolean', default: false }, out: { type: 'string' } }
  return parseArgs({ options: { ...common, ...more } }).values
}

/**
 * Writes files `{ name: text }` and a section of the findings. With `out` the files go there and the findings stay; a quick run
 * without it writes nothing.
 */
export function publish({ quick, out }, section, files, body) {
  if (quick && out === undefined) return
  const folder = out === undefined ? paper : pathToFileURL(`${resolve(out)}/`)
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    // Written beside and renamed, so that a run that is cut off leaves no half of a file.
    const beside = new URL(`${name}.${process.pid}`, folder)
    writeFileSync(beside, text)
    renameSync(beside, new URL(name, folder))
  }
  if (!quick && out === undefined) writeFindings(findings, section, body)
}
