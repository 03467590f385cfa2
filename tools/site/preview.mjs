/** The site but for its reference, which takes ten times as long as all else: for tests, and while working on pages. */
import { mkdirSync } from 'node:fs'
import { buildGenerated } from '../generated.mjs'
import { bundle } from './bundle.mjs'
import { writePages } from './write.mjs'

/** Builds it into the folder `out`, which is made. */
export async function buildPreview(out) {
  await buildGenerated()
  mkdirSync(out, { recursive: true })
  writePages(out, await bundle(out), [])
}
