/**
 * Builds the sources that are not in the repository: the module's bytes, and the program of the workers, which is the checker
 * in one string. Whatever needs them calls this first.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildSimd } from './simd.mjs'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src', 'selectability', 'workers')
const target = join(folder, 'code.ts')

/** A worker is sent the module's bytes, so that the package holds them once. */
const withoutBytes = {
  name: 'without-bytes',
  setup: ({ onLoad }) => {
    onLoad({ filter: /simd[/\\]bytes[.]ts$/ }, () => ({
      contents: "export const bytes = '', fusedBytes = ''",
      loader: 'ts',
    }))
  },
}

async function buildWorker() {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'entry.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    plugins: [withoutBytes],
  })
  const code = JSON.stringify(outputFiles[0].text.trim())
  const text = `/** Built by tools/generated.mjs from ./entry.ts. */\nexport const code: string = ${code}\n`
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return
  // Renamed into place, so that two builds at a time never show half a file.
  const scratch = `${target}.${process.pid}.tmp`
  writeFileSync(scratch, text)
  renameSync(scratch, target)
}

/** Brings all generated sources up to date. */
export async function buildGenerated() {
  await buildSimd()
  await buildWorker()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildGenerated()
