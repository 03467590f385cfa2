/**
 * The one matrix product that attention needs, A·Bᵀ of tiles that fit the cache, blocked in registers.
 *
 * Each entry is one running sum over c in order, so its error is at most γ_d·Σ|a||b| (Higham 2002, section 3.1).
 */
import type { Floats } from './sizes.ts'

/** Rows of A that a block takes; fewer go one by one. */
export const blockRows = 4

/**
 * Rows `from` to `to` of x as float64: a view where x is float64, else a copy in `scratch`. So the inner loops only ever
 * see one type of array, which V8 compiles to plain loads.
 */
export function tileOf(x: Floats, d: number, from: number, to: number, scratch: Float64Array): Float64Array {
  const rows = x.subarray(from * d, to * d)
  if (isFloat64(rows)) return rows
  scratch.set(rows)
  return scratch
}

function isFloat64(x: Floats): x is Float64Array {
  return x.BYTES_PER_ELEMENT === 8
}

/**
 * out = A·Bᵀ, for A m×d, B n×d, out m×n, all row-major; `out` must not overlap the others.
 *
 * Blocks of 4×2 keep their eight sums in registers (the sixteen of 4×4 spill, and run slower in V8); the rows left over, such as
 * the one query of a decoding step, go in blocks of 1×4. At the edge of B a block takes the last row again and stores
 * the same sum again, which costs less than another loop.
 */
export function product(
  a: Float64Array,
  m: number,
  b: Float64Array,
  n: number,
  d: number,
  out: Float64Array,
): Float64Array {
  const blocked = m - (m % blockRows)
  for (let i = 0; i < blocked; i += blockRows) {
    for (let j = 0; j < n; j += 2) fourByTwo(a, i, b, j, Math.min(j + 1, n - 1), n, d, out)
  }
  for (let i = blocked; i < m; i++) {
    for (let j = 0; j < n; j += 4) {
      oneByFour(a, i, b, j, Math.min(j + 1, n - 1), Math.min(j + 2, n - 1), Math.min(j + 3, n - 1), n, d, out)
    }
  }
  return out
}

function fourByTwo(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j0: number,
  j1: number,
  n: number,
  d: number,
  out: Float64Array,
): void {
  const a0 = i * d
  const a1 = a0 + d
  const a2 = a1 + d
  const a3 = a2 + d
  const b0 = j0 * d
  const b1 = j1 * d
  let s00 = 0
  let s01 = 0
  let s10 = 0
  let s11 = 0
  let s20 = 0
  let s21 = 0
  let s30 = 0
  let s31 = 0
  for (let c = 0; c < d; c++) {
    const x0 = b[b0 + c]
    const x1 = b[b1 + c]
    const y0 = a[a0 + c]
    s00 += y0 * x0
    s01 += y0 * x1
    const y1 = a[a1 + c]
    s10 += y1 * x0
    s11 += y1 * x1
    const y2 = a[a2 + c]
    s20 += y2 * x0
    s21 += y2 * x1
    const y3 = a[a3 + c]
    s30 += y3 * x0
    s31 += y3 * x1
  }
  const o0 = i * n
  const o1 = o0 + n
  const o2 = o1 + n
  const o3 = o2 + n
  out[o0 + j0] = s00
  out[o0 + j1] = s01
  out[o1 + j0] = s10
  out[o1 + j1] = s11
  out[o2 + j0] = s20
  out[o2 + j1] = s21
  out[o3 + j0] = s30
  out[o3 + j1] = s31
}

function oneByFour(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j0: number,
  j1: number,
  j2: number,
  j3: number,
  n: number,
  d: number,
  out: Float64Array,
): void {
  const a0 = i * d
  const b0 = j0 * d
  const b1 = j1 * d
  const b2 = j2 * d
  const b3 = j3 * d
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let c = 0; c < d; c++) {
    const y = a[a0 + c]
    s0 += y * b[b0 + c]
    s1 += y * b[b1 + c]
    s2 += y * b[b2 + c]
    s3 += y * b[b3 + c]
  }
  out[i * n + j0] = s0
  out[i * n + j1] = s1
  out[i * n + j2] = s2
  out[i * n + j3] = s3
}
