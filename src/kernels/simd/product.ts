/**
 * Products of matrices, streamed through the module in blocks.
 *
 * Columns of the product go in chunks, whose factor is packed once; for each, rows go in blocks, whose products leave as
 * soon as they are done. Sums longer than `depth` are cut in pieces that stay in the first-level cache, as strips of
 * 16 KiB and 8 KiB.
 *
 * float32 is multiplied and added in float32, each entry a running sum over pieces of running sums: it errs by at most
 * γ_(d+1)·|scale|·Σ|a||b| with u = 2^-24, plus d·|scale|·2^-150 where products underflow. float64 errs as the
 * reference does.
 */
import * as reference from '../gemm.ts'
import { checkScores, scores as referenceScores } from '../scores.ts'
import type { Floats } from '../sizes.ts'
import { lanesFor } from './choice.ts'
import type { Engine, Lanes } from './module.ts'
import { exponentOf, staysFinite, underflowIsNegligible } from './range.ts'
import { gemv } from './vector.ts'

/** Products that one strip of a block sums up before the next strip is packed. */
const depth = 512
/** Numbers in a chunk: 4 or 8 MiB, so that scratch stays small whatever is multiplied. */
const chunkSize = 2 ** 20
const chunkColumns = 2048
/** Rows of a block, whole strips of them; more where sums are cut, for then the columns are packed again for each block. */
const rowBlock = 60
const tallBlock = 252

/** `scores` of `src/kernels/scores.ts`. */
export function scores<T extends Floats>(
  engine: Engine,
  q: Floats,
  k: Floats,
  m: number,
  n: number,
  d: number,
  scale: number,
  out: T,
): T {
  checkScores(q, k, m, n, d, scale, out)
  // One row multiplies each number of k once, which does not pay for packing.
  if (m === 1 && scale === 1) return gemv(engine, k, q, n, d, out)
  const done = multiply(lanesFor(engine, q, k, out), q, k, m, n, d, true, scale, out)
  return done ? out : referenceScores(q, k, m, n, d, scale, out)
}

/** `gemm` of `src/kernels/gemm.ts`. */
export function gemm<T extends Floats>(
  engine: Engine,
  a: Floats,
  b: Floats,
  m: number,
  n: number,
  d: number,
  out: T,
): T {
  reference.checkProduct(a, b, m, n, d, out)
  const done = multiply(lanesFor(engine, a, b, out), a, b, m, n, d, false, 1, out)
  return done ? out : reference.gemm(a, b, m, n, d, out)
}

/** `gemmTransposed` of `src/kernels/gemm.ts`. */
export function gemmTransposed<T extends Floats>(
  engine: Engine,
  a: Floats,
  b: Floats,
  m: number,
  n: number,
  d: number,
  out: T,
): T {
  reference.checkProduct(a, b, m, n, d, out)
  return scores(engine, a, b, m, n, d, 1, out)
}

/** scale·A·B, or scale·A·Bᵀ; false, and `out` in part overwritten, where sums might leave the range of the type. */
function multiply(
  lanes: Lanes,
  a: Floats,
  b: Floats,
  m: number,
  n: number,
  d: number,
  transposed: boolean,
  scale: number,
  out: Floats,
): boolean {
  const { width, height } = lanes
  const fit = Math.max(width, Math.floor(chunkSize / Math.max(d, 1) / width) * width)
  const columns = Math.min(n, chunkColumns, fit)
  const rows = Math.min(m, fit, d > depth ? tallBlock : rowBlock)
  const padded = Math.ceil(columns / width) * width
  const [ones, rawB, rawA, packedB, packedA, c] = lanes.layout(
    width,
    columns * d,
    rows * d,
    padded * Math.min(d, depth),
    (rows + height) * Math.min(d, depth),
    (rows + height) * padded,
  )
  lanes.write(ones, new Float64Array(width).fill(1), 0, width)
  for (let j0 = 0; j0 < n; j0 += columns) {
    const cols = Math.min(columns, n - j0)
    const stride = Math.ceil(cols / width) * width
    if (transposed) lanes.write(rawB, b, j0 * d, cols * d)
    else if (cols === n) lanes.write(rawB, b, 0, d * n)
    else for (let k = 0; k < d; k++) lanes.write(rawB + k * cols * lanes.bytes, b, k * n + j0, cols)
    const e = exponentOf(lanes, rawB, cols * d)
    for (let i0 = 0; i0 < m; i0 += rows) {
      const count = Math.min(rows, m - i0)
      lanes.write(rawA, a, i0 * d, count * d)
      const both = e + exponentOf(lanes, rawA, count * d)
      if (!(staysFinite(lanes, both, d, scale) && underflowIsNegligible(lanes, both))) return false
      for (let k0 = 0; k0 === 0 || k0 < d; k0 += depth) {
        const piece = Math.min(depth, d - k0)
        if (d > depth || i0 === 0) {
          if (transposed) lanes.packRows(packedB, rawB + k0 * lanes.bytes, cols, d, piece, width)
          else lanes.packColumns(packedB, rawB + k0 * cols * lanes.bytes, piece, cols, cols, width)
        }
        lanes.packRows(packedA, rawA + k0 * lanes.bytes, count, d, piece, height)
        lanes.product(packedA, packedB, count, cols, piece, c, stride * lanes.bytes, k0 === 0 ? 0 : ones)
      }
      if (stride !== cols || scale !== 1) lanes.gather(c, count, cols, stride * lanes.bytes, scale, c)
      if (cols === n) lanes.read(c, count * cols, out, i0 * n)
      else for (let i = 0; i < count; i++) lanes.read(c + i * cols * lanes.bytes, cols, out, (i0 + i) * n + j0)
    }
  }
  return true
}
