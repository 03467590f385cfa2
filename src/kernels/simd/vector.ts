/**
 * Products with vectors, and norms, streamed through the module in blocks of rows.
 *
 * Partial sums run in as many lanes as four vectors have: float32 errs by γ_(d/16 + 5)·Σ|a||x|, u = 2^-24, and norms,
 * whose squares are summed in float64, by their rounding.
 */
import * as reference from '../gemm.ts'
import type { Floats } from '../sizes.ts'
import { lanesFor } from './choice.ts'
import { sliceOf } from './module.ts'
import type { Engine } from './module.ts'
import { exponentOf, staysFinite, underflowIsNegligible } from './range.ts'

/** Numbers in a block of rows: half a second-level cache in float64. */
const blockSize = 2 ** 16

/** `gemv` of `src/kernels/gemm.ts`. */
export function gemv<T extends Floats>(engine: Engine, a: Floats, x: Floats, rows: number, d: number, out: T): T {
  reference.checkVector(a, x, rows, d, out)
  const lanes = lanesFor(engine, a, x, out)
  const block = Math.min(rows, Math.max(1, Math.floor(blockSize / Math.max(d, 1))))
  const [atX, atA, atOut] = lanes.layout(d, block * d, block)
  lanes.write(atX, x, 0, d)
  const e = exponentOf(lanes, atX, d)
  for (let i0 = 0; i0 < rows; i0 += block) {
    const count = Math.min(block, rows - i0)
    lanes.write(atA, a, i0 * d, count * d)
    const both = e + exponentOf(lanes, atA, count * d)
    if (!(staysFinite(lanes, both, d, 1) && underflowIsNegligible(lanes, both))) {
      return reference.gemv(a, x, rows, d, out)
    }
    lanes.multiplyVector(atA, atX, count, d, atOut)
    lanes.read(atOut, count, out, i0)
  }
  return out
}

/** `dot` of `src/kernels/gemm.ts`, in blocks whose sums are added in float64. */
export function dot(engine: Engine, x: Floats, y: Floats, d: number): number {
  reference.checkPair(x, y, d)
  const lanes = lanesFor(engine, x, y)
  const block = Math.min(d, blockSize)
  const [atX, atY] = lanes.layout(block, block)
  let sum = 0
  for (let c0 = 0; c0 < d; c0 += block) {
    const count = Math.min(block, d - c0)
    lanes.write(atX, x, c0, count)
    lanes.write(atY, y, c0, count)
    const both = exponentOf(lanes, atX, count) + exponentOf(lanes, atY, count)
    if (!(staysFinite(lanes, both, d, 1) && underflowIsNegligible(lanes, both))) return reference.dot(x, y, d)
    sum += lanes.dot(atX, atY, count)
  }
  return sum
}

/** `rowNorms` of `src/kernels/gemm.ts`. */
export function rowNorms<T extends Floats>(engine: Engine, x: Floats, rows: number, d: number, out: T): T {
  reference.checkNorms(x, rows, d, out)
  const lanes = lanesFor(engine, x, out)
  const block = Math.min(rows, Math.max(1, Math.floor(blockSize / Math.max(d, 1))))
  const [atX, atOut] = lanes.layout(block * d, block)
  for (let i0 = 0; i0 < rows; i0 += block) {
    const count = Math.min(block, rows - i0)
    lanes.write(atX, x, i0 * d, count * d)
    if (lanes.rowNorms(atX, count, d, atOut) !== 0) lanes.read(atOut, count, out, i0)
    else reference.rowNorms(sliceOf(x, i0 * d, count * d), count, d, sliceOf(out, i0, count))
  }
  return out
}
