/** What the machine can do at all: multiplications and additions in registers alone, and memory.copy. */
import { readFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

const source = readFileSync(new URL('yardsticks.as.ts', import.meta.url), 'utf8')
const { error, binary, stderr } = await asc.compileString(source, {
  optimizeLevel: 3,
  runtime: 'stub',
  enable: 'simd',
  use: 'abort=',
  noAssert: true,
})
if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary))

const steps = 200_000

/** Multiplications and additions of vectors of float32 (4 bytes) or float64 in registers; `flops` of them in a call. */
export function multiplying(bytes) {
  const run = bytes === 4 ? exports.multiply32 : exports.multiply64
  return () => run(steps / 1000)
}

multiplying.flops = (bytes) => steps * 26 * (16 / bytes)

/** A copy of so many bytes within WebAssembly memory. */
export function copying(bytes) {
  const missing = 2 * bytes + 65536 - exports.memory.buffer.byteLength
  if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536))
  return () => exports.copy(65536, 65536 + bytes, bytes)
}
