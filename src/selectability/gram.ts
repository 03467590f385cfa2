/**
 * The first pass over a whole set: query `q = z_i`, the centred key itself, selects every key i with `‖z_i‖² > max_j z_i·z_j`.
 *
 * The Gram matrix is symmetric, so each product serves two keys, and none is stored. In high dimension, or on a sphere, this
 * pass alone decides nearly every key.
 */
import { backend } from '../kernels/backend.ts'
import { reside } from '../kernels/simd/resident.ts'
import type { Resident } from '../kernels/simd/resident.ts'

/** For each distinct key the other one with the largest `z_i·z_j`, and that product. */
export interface Closest {
  readonly product: Float64Array
  readonly rival: Int32Array
}

/** 64 rows of 64 doubles are 32 kB: a tile of rivals stays in the first-level cache. */
const tile = 64

/** In SIMD a tile is 64 × 256 products, 128 kB, which the second-level cache keeps until they are compared. */
const wideTile = 256

/** Below this many multiply-adds uploading the keys costs more than SIMD saves. */
const leastWork = 2 ** 20

/** Rows `[from, to)` against all rows from `from` on: entry r of the result is for key `from + r`, over the pairs seen. */
export type Gram = (from: number, to: number) => Closest

/**
 * The Gram matrix of n keys, a strip of rows at a time. Complexity: n²·d/2 multiply-adds for all strips together, O(n) memory beside a
 * copy of the keys.
 */
export function createGram(z: Float64Array, n: number, d: number): Gram {
  const keys = n * n * d >= leastWork && backend().name === 'simd' ? reside(z, n, d) : null
  return (from, to) => {
    const closest = emptyClosest(n - from)
    if (keys !== null) multiplyStrip(keys, from, to - from, closest)
    else priceStrip(z, d, from, to - from, closest)
    const { rival } = closest
    for (let r = 0; r < rival.length; r++) if (rival[r] >= 0) rival[r] += from
    return closest
  }
}

export function emptyClosest(n: number): Closest {
  return { product: new Float64Array(n).fill(-Infinity), rival: new Int32Array(n).fill(-1) }
}

/** Takes in the strip that begins at row `from`. Of equal products that of the first rival counts, whatever the order of strips. */
export function mergeStrip(all: Closest, from: number, strip: Closest): void {
  for (let r = 0, i = from; r < strip.product.length; r++, i++) {
    const value = strip.product[r]
    if (value > all.product[i] || (value === all.product[i] && strip.rival[r] < all.rival[i])) {
      all.product[i] = value
      all.rival[i] = strip.rival[r]
    }
  }
}

function multiplyStrip(keys: Resident, from: number, height: number, { product, rival }: Closest): void {
  const n = product.length
  for (let top = 0; top < height; top += tile) {
    const rows = Math.min(tile, height - top)
    for (let left = top; left < n; left += wideTile) {
      const columns = Math.min(wideTile, n - left)
      const products = keys.multiplyTile(from + top, rows, from + left, columns)
      for (let r = 0; r < rows; r++) {
        const i = top + r
        let most = product[i]
        let closest = rival[i]
        for (let j = Math.max(left, i + 1), at = r * columns + j - left; j < left + columns; j++, at++) {
          const value = products[at]
          if (value > most) {
            most = value
            closest = j
          }
          if (value > product[j]) {
            product[j] = value
            rival[j] = i
          }
        }
        product[i] = most
        rival[i] = closest
      }
    }
  }
}

function priceStrip(z: Float64Array, d: number, from: number, height: number, { product, rival }: Closest): void {
  const n = product.length
  const rows = z.subarray(from * d)
  for (let top = 0; top < height; top += tile) {
    const bottom = Math.min(height, top + tile)
    for (let left = top; left < n; left += tile)
      priceTile(rows, d, top, bottom, left, Math.min(n, left + tile), product, rival)
  }
}

function offer(product: Float64Array, rival: Int32Array, i: number, j: number, value: number): void {
  if (value > product[i]) {
    product[i] = value
    rival[i] = j
  }
  if (value > product[j]) {
    product[j] = value
    rival[j] = i
  }
}

function priceTile(
  z: Float64Array,
  d: number,
  top: number,
  bottom: number,
  left: number,
  right: number,
  product: Float64Array,
  rival: Int32Array,
): void {
  let i = top
  for (; i + 1 < bottom; i += 2) {
    const a = i * d
    const b = a + d
    let j = Math.max(left, i + 2)
    if (left <= i + 1 && i + 1 < right) offer(product, rival, i, i + 1, single(z, d, a, b))
    for (; j + 3 < right; j += 4) {
      const p = j * d
      const q = p + d
      const r = q + d
      const s = r + d
      let ap = 0
      let aq = 0
      let ar = 0
      let as = 0
      let bp = 0
      let bq = 0
      let br = 0
      let bs = 0
      for (let c = 0; c < d; c++) {
        const x = z[a + c]
        const y = z[b + c]
        const zp = z[p + c]
        const zq = z[q + c]
        const zr = z[r + c]
        const zs = z[s + c]
        ap += x * zp
        aq += x * zq
        ar += x * zr
        as += x * zs
        bp += y * zp
        bq += y * zq
        br += y * zr
        bs += y * zs
      }
      offer(product, rival, i, j, ap)
      offer(product, rival, i, j + 1, aq)
      offer(product, rival, i, j + 2, ar)
      offer(product, rival, i, j + 3, as)
      offer(product, rival, i + 1, j, bp)
      offer(product, rival, i + 1, j + 1, bq)
      offer(product, rival, i + 1, j + 2, br)
      offer(product, rival, i + 1, j + 3, bs)
    }
    for (; j < right; j++) {
      offer(product, rival, i, j, single(z, d, a, j * d))
      offer(product, rival, i + 1, j, single(z, d, b, j * d))
    }
  }
  if (i < bottom)
    for (let j = Math.max(left, i + 1); j < right; j++) offer(product, rival, i, j, single(z, d, i * d, j * d))
}

function single(z: Float64Array, d: number, a: number, b: number): number {
  let sum = 0
  for (let c = 0; c < d; c++) sum += z[a + c] * z[b + c]
  return sum
}
