/**
 * Compiles `src/kernels/simd/assembly` and writes the bytes of both modules, with and without relaxed SIMD, to
 * `src/kernels/simd/bytes.ts`, in hexadecimal: of base64, which hides whole bytes from it, gzip would leave a third more.
 *
 * The file is not in the repository. Whatever needs it calls this first, and where source, compiler and options are what
 * they were, nothing is done.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src', 'kernels', 'simd')
const target = join(folder, 'bytes.ts')
const encoding = 'hex'
const options = [
  ...['--optimizeLevel', '3', '--converge', '--noAssert', '--enable', 'simd'],
  // The kernels neither allocate nor throw: no collector, and nothing to import.
  ...['--runtime', 'stub', '--use', 'abort='],
  // Only v128 between functions of the module itself, which the compiler cannot tell from exports of its files.
  ...['--disableWarning', '112', '--disableWarning', '235'],
]

/**
 * The modules by the names of their bytes: what they begin with, and what only they are compiled with. Shrinking costs
 * attention a tenth in the first module, and nothing in the second.
 */
const modules = {
  bytes: ['index.ts', '--shrinkLevel', '0'],
  fusedBytes: ['fused.ts', '--shrinkLevel', '1', '--enable', 'relaxed-simd', '--importMemory', '--noExportMemory'],
}

const sources = () =>
  readdirSync(join(folder, 'assembly'))
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => [name, readFileSync(join(folder, 'assembly', name), 'utf8')])

async function compile(args) {
  let binary = null
  const { error, stderr } = await asc.main([...args, '--baseDir', '.', '--outFile', 'simd.wasm'], {
    readFile: (name) => Object.fromEntries(sources())[name] ?? null,
    writeFile: (_, contents) => {
      binary = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`AssemblyScript: ${error.message}\n${stderr.toString()}`)
  return binary
}

/** Brings `bytes.ts` up to date. */
export async function buildSimd() {
  const stamp = createHash('sha256')
    .update(JSON.stringify([asc.version, encoding, options, modules, sources()]))
    .digest('hex')
  const head = `/** Built by tools/simd.mjs from ./assembly, ${stamp.slice(0, 16)}. */\n`
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(head)) return
  const lines = []
  for (const [name, own] of Object.entries(modules)) {
    const binary = await compile([...own, ...options])
    lines.push(`export const ${name}: string = '${Buffer.from(binary).toString(encoding)}'\n`)
  }
  // Renamed into place, so that two builds at a time never show half a file.
  const scratch = `${target}.${process.pid}.tmp`
  writeFileSync(scratch, head + lines.join(''))
  renameSync(scratch, target)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSimd()
