/**
 * Keys compared by their products in float64, four at a time: `src/selectability/comparisons.ts` in the module, for keys of few numbers, whose
 * products cost no more than telling which of them are needed.
 */
import { sumLanes, vector } from './lanes'

/** Keys of a strip: entry (r, k) at 4k + r. */
const stripKeys: i32 = 4

/** Notes that key j beats key i, unless another does. */
function mark(rivals: usize, i: i32, j: i32): void {
  const at = rivals + ((<usize>i) << 2)
  if (load<i32>(at) < 0) store<i32>(at, j)
}

function dotRows(x: usize, y: usize, d: i32): f64 {
  let sum = f64x2.splat(0)
  const even = x + ((<usize>(d & ~1)) << 3)
  for (; x < even; x += vector) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(x), v128.load(y)))
    y += vector
  }
  const total = sumLanes<f64>(sum)
  return (d & 1) !== 0 ? total + load<f64>(x) * load<f64>(y) : total
}

/**
 * Compares keys `[from, to)` with those before them, all in descending order of norm: a product that is not below the ceiling of one of the
 * two beats it. A beaten key is only compared further with those so long that it may beat them.
 *
 * @param z rows of d numbers, `strips` the same keys in strips
 * @param norms and `ceilings` f64, one a key, as many as the strips hold
 * @param rivals i32, one a key: −1, or a key that beats it
 */
export function comparePairs(
  z: usize,
  strips: usize,
  d: i32,
  norms: usize,
  ceilings: usize,
  from: i32,
  to: i32,
  rivals: usize,
): void {
  const strip = (<usize>d) << 5
  const rowBytes = (<usize>d) << 3
  for (let j = from; j < to; j++) {
    const own = z + <usize>j * rowBytes
    const ceiling = load<f64>(ceilings + ((<usize>j) << 3))
    const bar = f64x2.splat(ceiling)
    const count = (j + stripKeys - 1) / stripKeys
    let most: f64 = -Infinity
    let by = -1
    let s = 0
    for (; s < count && by < 0; s++) {
      let a = f64x2.splat(0)
      let b = a
      let p = strips + <usize>s * strip
      for (let x = own; x < own + rowBytes; x += 8) {
        const factor = v128.load64_splat(x)
        a = f64x2.add(a, f64x2.mul(factor, v128.load(p)))
        b = f64x2.add(b, f64x2.mul(factor, v128.load(p, vector)))
        p += 2 * vector
      }
      const bars = ceilings + ((<usize>s) << 5)
      const below = v128.and(
        v128.and(f64x2.lt(a, v128.load(bars)), f64x2.lt(b, v128.load(bars, vector))),
        v128.and(f64x2.lt(a, bar), f64x2.lt(b, bar)),
      )
      if (i64x2.all_true(below)) continue
      for (let r = 0; r < stripKeys; r++) {
        const i = s * stripKeys + r
        if (i >= j) break
        const both = r < 2 ? a : b
        const product = (r & 1) === 0 ? f64x2.extract_lane(both, 0) : f64x2.extract_lane(both, 1)
        if (!(product < load<f64>(ceilings + ((<usize>i) << 3)))) mark(rivals, i, j)
        if (!(product < ceiling) && product > most) {
          most = product
          by = i
        }
      }
    }
    if (by < 0) continue
    mark(rivals, j, by)
    // A ceiling over the norm ascends with the norm, so the first key that is clear of it ends the search.
    for (let i = j - 1; i >= s * stripKeys; i--) {
      const longer = ceilings + ((<usize>i) << 3)
      if (load<f64>(norms + ((<usize>i) << 3)) * load<f64>(norms + ((<usize>j) << 3)) < load<f64>(longer)) break
      if (!(dotRows(z + <usize>i * rowBytes, own, d) < load<f64>(longer))) mark(rivals, i, j)
    }
  }
}
