/**
 * A matrix that is uploaded once and multiplied often: the low door for solvers, in float64.
 *
 * It has an instance of the module to itself, so no other call's scratch comes near it, and its memory goes when it is no
 * longer referred to. Rows lie in strips of four, which serve as either factor of A·Aᵀ and in A·x.
 */
import type { Floats } from '../sizes.ts'
import { instantiate } from './module.ts'

export interface Resident {
  readonly n: number
  readonly d: number
  /**
   * Rows i0 … i0+rows−1 times rows j0 … j0+columns−1, transposed: a dense rows×columns tile.
   *
   * @param i0 and j0 multiples of 4
   * @returns a view, valid until the next call
   * @throws RangeError when the tile does not lie in the matrix, or begins within a strip
   */
  multiplyTile(i0: number, rows: number, j0: number, columns: number): Float64Array
  /**
   * Every row times x.
   *
   * @param x d numbers
   * @returns a view of n numbers, valid until the next call
   */
  multiplyVector(x: Floats): Float64Array
}

const stripRows = 4
/** Numbers that are copied at a time before they are packed. */
const stageSize = 2 ** 18

/**
 * Uploads n×d numbers.
 *
 * @throws RangeError when memory cannot be had; whatever `instantiate` throws
 */
export function reside(data: Floats, n: number, d: number): Resident {
  const { float64: lanes } = instantiate(false)
  const packed = Math.ceil(n / stripRows) * stripRows * d
  const block = Math.max(stripRows, Math.floor(stageSize / Math.max(d, 1) / stripRows) * stripRows)
  const [matrix, stage] = lanes.layout(packed, block * d)
  for (let i0 = 0; i0 < n; i0 += block) {
    const count = Math.min(block, n - i0)
    lanes.write(stage, data, i0 * d, count * d)
    lanes.packRows(matrix + i0 * d * lanes.bytes, stage, count, d, d, stripRows)
  }
  // The matrix comes first in every layout, so it stays where it is.
  const view = (at: number, count: number): Float64Array => lanes.view(at, count) as Float64Array
  return {
    n,
    d,
    multiplyTile: (i0, rows, j0, columns) => {
      checkSpan('i0', i0, rows, n)
      checkSpan('j0', j0, columns, n)
      const stride = Math.ceil(columns / stripRows) * stripRows
      const [, tile] = lanes.layout(packed, Math.ceil(rows / stripRows) * stripRows * stride)
      const [a, b] = [i0, j0].map((from) => matrix + from * d * lanes.bytes)
      lanes.product(a, b, rows, columns, d, tile, stride * lanes.bytes, 0)
      if (stride !== columns) lanes.gather(tile, rows, columns, stride * lanes.bytes, 1, tile)
      return view(tile, rows * columns)
    },
    multiplyVector: (x) => {
      const [, vector, out] = lanes.layout(packed, d, Math.ceil(n / stripRows) * stripRows)
      lanes.write(vector, x, 0, d)
      lanes.multiplyStrips(matrix, vector, n, d, out)
      return view(out, n)
    },
  }
}

function checkSpan(name: string, from: number, count: number, n: number): void {
  if (from % stripRows === 0 && from >= 0 && count >= 0 && from + count <= n) return
  throw new RangeError(
    `${name}: expected a multiple of ${stripRows} with ${count} rows of ${n} from it on, got ${from}`,
  )
}
