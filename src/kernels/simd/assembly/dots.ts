/** Inner products of float64 rows with one vector, and sums of rows: what a walk does between two pricings. */
import { sumLanes, vector } from './lanes'

const bytes: usize = 8

/**
 * out[r] = row(r)·x for rows of `d` numbers, a multiple of 4, four rows at a time so that no addition waits for another.
 * An error of γ_d·Σ|row||x|, as in any order of summation.
 *
 * @param index i32 numbers of the rows, `stride` numbers apart from `rows` on
 */
export function dots(rows: usize, stride: i32, index: usize, count: i32, x: usize, d: i32, out: usize): void {
  const rowBytes = <usize>stride * bytes
  const end = x + <usize>d * bytes
  let r = 0
  for (; r + 4 <= count; r += 4) {
    let p0 = rows + <usize>load<i32>(index) * rowBytes
    let p1 = rows + <usize>load<i32>(index, 4) * rowBytes
    let p2 = rows + <usize>load<i32>(index, 8) * rowBytes
    let p3 = rows + <usize>load<i32>(index, 12) * rowBytes
    let a0 = f64x2.splat(0)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let b0 = a0
    let b1 = a0
    let b2 = a0
    let b3 = a0
    for (let at = x; at < end; at += 2 * vector) {
      const y = v128.load(at)
      const z = v128.load(at, vector)
      a0 = f64x2.add(a0, f64x2.mul(y, v128.load(p0)))
      a1 = f64x2.add(a1, f64x2.mul(y, v128.load(p1)))
      a2 = f64x2.add(a2, f64x2.mul(y, v128.load(p2)))
      a3 = f64x2.add(a3, f64x2.mul(y, v128.load(p3)))
      b0 = f64x2.add(b0, f64x2.mul(z, v128.load(p0, vector)))
      b1 = f64x2.add(b1, f64x2.mul(z, v128.load(p1, vector)))
      b2 = f64x2.add(b2, f64x2.mul(z, v128.load(p2, vector)))
      b3 = f64x2.add(b3, f64x2.mul(z, v128.load(p3, vector)))
      p0 += 2 * vector
      p1 += 2 * vector
      p2 += 2 * vector
      p3 += 2 * vector
    }
    store<f64>(out, sumLanes<f64>(f64x2.add(a0, b0)))
    store<f64>(out, sumLanes<f64>(f64x2.add(a1, b1)), 8)
    store<f64>(out, sumLanes<f64>(f64x2.add(a2, b2)), 16)
    store<f64>(out, sumLanes<f64>(f64x2.add(a3, b3)), 24)
    index += 16
    out += 4 * bytes
  }
  for (; r < count; r++) {
    store<f64>(out, dotPair(rows + <usize>load<i32>(index) * rowBytes, x, d))
    index += 4
    out += bytes
  }
}

/** x·y for d a multiple of 4. */
export function dotPair(x: usize, y: usize, d: i32): f64 {
  let a = f64x2.splat(0)
  let b = a
  for (let c = 0; c < d; c += 4) {
    a = f64x2.add(a, f64x2.mul(v128.load(x), v128.load(y)))
    b = f64x2.add(b, f64x2.mul(v128.load(x, vector), v128.load(y, vector)))
    x += 2 * vector
    y += 2 * vector
  }
  return sumLanes<f64>(f64x2.add(a, b))
}

/** out = Σ factor[r]·row(r), of `d` numbers, a multiple of 4; eight numbers of `out` stay in registers while the rows pass by. */
export function combine(rows: usize, stride: i32, index: usize, count: i32, factor: usize, d: i32, out: usize): void {
  const rowBytes = <usize>stride * bytes
  let c = 0
  for (; c + 8 <= d; c += 8) {
    let a0 = f64x2.splat(0)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    for (let r = 0; r < count; r++) {
      const p = rows + <usize>load<i32>(index + ((<usize>r) << 2)) * rowBytes
      const w = v128.load64_splat(factor + ((<usize>r) << 3))
      a0 = f64x2.add(a0, f64x2.mul(w, v128.load(p)))
      a1 = f64x2.add(a1, f64x2.mul(w, v128.load(p, vector)))
      a2 = f64x2.add(a2, f64x2.mul(w, v128.load(p, 2 * vector)))
      a3 = f64x2.add(a3, f64x2.mul(w, v128.load(p, 3 * vector)))
    }
    v128.store(out, a0)
    v128.store(out, a1, vector)
    v128.store(out, a2, 2 * vector)
    v128.store(out, a3, 3 * vector)
    rows += 4 * vector
    out += 4 * vector
  }
  if (c < d) {
    let a0 = f64x2.splat(0)
    let a1 = a0
    for (let r = 0; r < count; r++) {
      const p = rows + <usize>load<i32>(index + ((<usize>r) << 2)) * rowBytes
      const w = v128.load64_splat(factor + ((<usize>r) << 3))
      a0 = f64x2.add(a0, f64x2.mul(w, v128.load(p)))
      a1 = f64x2.add(a1, f64x2.mul(w, v128.load(p, vector)))
    }
    v128.store(out, a0)
    v128.store(out, a1, vector)
  }
}
