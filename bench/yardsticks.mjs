/** What the machine can do at all: multiplications and additions in registers alone, memory.copy, and copies in and out. */
import { readFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

const source = readFileSync(new URL('yardsticks.as.ts', import.meta.url), 'utf8')

async function compile(features) {
  const { error, binary, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: 'stub',
    enable: features,
    use: 'abort=',
    noAssert: true,
  })
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  return binary
}

const relaxed = await compile(['simd', 'relaxed-simd'])
/** Whether a multiplication and an addition may be one instruction. */
const fused = WebAssembly.validate(relaxed)
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fused ? relaxed : await compile(['simd'])))

const steps = 400_000

/** Multiplications and additions of vectors of float32 (4 bytes) or float64 in registers; `flops` of them in a call. */
export function multiplying(bytes) {
  const run = bytes === 4 ? exports.multiply32 : exports.multiply64
  return () => run(steps / 1000, 1)
}

multiplying.flops = (bytes) => steps * (fused ? 28 : 14) * (16 / bytes)

/** A copy of so many bytes within WebAssembly memory. */
export function copying(bytes) {
  const missing = 2 * bytes + 65536 - exports.memory.buffer.byteLength
  if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536))
  return () => exports.copy(65536, 65536 + bytes, bytes)
}

/** Numbers of x copied into WebAssembly memory and out again, block by block, as by a kernel that takes no time. */
export function streaming(x, out) {
  const block = 2 ** 15
  copying(4 * block)
  const scratch = new Float32Array(exports.memory.buffer, 65536, block)
  return () => {
    for (let at = 0; at < x.length; at += block) {
      const part = x.subarray(at, at + block)
      scratch.set(part)
      out.set(scratch.subarray(0, part.length), at)
    }
  }
}
