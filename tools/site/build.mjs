/**
 * Builds the documentation into the folder `site`: static pages, with relative addresses, that ask for nothing from elsewhere.
 *
 * Pages come from Markdown, the reference from the docstrings, styles from Vite. A mistake in a docstring and a link that leads
 * nowhere fail the build.
 */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildGenerated } from '../generated.mjs'
import { readApi } from './api.mjs'
import { bundle } from './bundle.mjs'
import { linkProblems } from './links.mjs'
import { root } from './pages.mjs'
import { writePages } from './write.mjs'

const target = join(root, 'site')
// Whole or not at all: built beside it, then renamed.
const out = `${target}.${process.pid}.tmp`

try {
  await buildGenerated()
  mkdirSync(out)
  const [assets, api] = await Promise.all([bundle(out), readApi()])
  const problems = [...writePages(out, assets, api), ...linkProblems(out)]
  if (problems.length > 0) throw new Error(`the documentation has mistakes:\n${problems.join('\n')}`)
  rmSync(target, { recursive: true, force: true })
  renameSync(out, target)
} catch (error) {
  process.exitCode = 1
  console.error(error instanceof Error ? error.message : error)
} finally {
  rmSync(out, { recursive: true, force: true })
}
