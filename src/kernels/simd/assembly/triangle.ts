/**
 * Solves with an upper triangle R, row-major, rows `pitch` numbers apart, four rows at a time: within four rows one number waits
 * for the other, and all others are vectors. `inverse` has the reciprocals of the diagonal.
 */
import { sumLanes, vector } from './lanes'

const bytes: usize = 8

/** Rᵀ y = g in place: `g` becomes y. */
export function solveForward(factor: usize, pitch: i32, inverse: usize, m: i32, g: usize): void {
  const rowBytes = <usize>pitch * bytes
  let r = 0
  for (; r + 4 <= m; r += 4) {
    const at = <usize>r * bytes
    const p0 = factor + <usize>r * rowBytes + at
    const p1 = p0 + rowBytes
    const p2 = p1 + rowBytes
    const p3 = p2 + rowBytes
    const y = g + at
    const i = inverse + at
    const y0 = load<f64>(y) * load<f64>(i)
    const y1 = (load<f64>(y, 8) - y0 * load<f64>(p0, 8)) * load<f64>(i, 8)
    const y2 = (load<f64>(y, 16) - y0 * load<f64>(p0, 16) - y1 * load<f64>(p1, 16)) * load<f64>(i, 16)
    const y3 =
      (load<f64>(y, 24) - y0 * load<f64>(p0, 24) - y1 * load<f64>(p1, 24) - y2 * load<f64>(p2, 24)) * load<f64>(i, 24)
    store<f64>(y, y0)
    store<f64>(y, y1, 8)
    store<f64>(y, y2, 16)
    store<f64>(y, y3, 24)
    const s0 = f64x2.splat(y0)
    const s1 = f64x2.splat(y1)
    const s2 = f64x2.splat(y2)
    const s3 = f64x2.splat(y3)
    let c: usize = 32
    const end = <usize>(m - r) * bytes
    for (; c + 16 <= end; c += 16) {
      let rest = v128.load(y + c)
      rest = f64x2.sub(rest, f64x2.add(f64x2.mul(s0, v128.load(p0 + c)), f64x2.mul(s1, v128.load(p1 + c))))
      rest = f64x2.sub(rest, f64x2.add(f64x2.mul(s2, v128.load(p2 + c)), f64x2.mul(s3, v128.load(p3 + c))))
      v128.store(y + c, rest)
    }
    if (c < end) {
      const one = y0 * load<f64>(p0 + c) + y1 * load<f64>(p1 + c)
      const two = y2 * load<f64>(p2 + c) + y3 * load<f64>(p3 + c)
      store<f64>(y + c, load<f64>(y + c) - one - two)
    }
  }
  for (; r < m; r++) {
    const y = g + <usize>r * bytes
    const value = load<f64>(y) * load<f64>(inverse + <usize>r * bytes)
    store<f64>(y, value)
    const p = factor + <usize>r * rowBytes
    for (let c = r + 1; c < m; c++) {
      const at = <usize>c * bytes
      store<f64>(g + at, load<f64>(g + at) - value * load<f64>(p + at))
    }
  }
}

/** R t = f. */
export function solveBackward(factor: usize, pitch: i32, inverse: usize, m: i32, f: usize, t: usize): void {
  const rowBytes = <usize>pitch * bytes
  let r = m
  // The rows that four do not divide come first, so that blocks begin at multiples of four.
  for (const whole = m & ~3; r > whole;) {
    r--
    const at = <usize>r * bytes
    let sum = load<f64>(f + at)
    const p = factor + <usize>r * rowBytes
    for (let c = r + 1; c < m; c++) sum -= load<f64>(p + <usize>c * bytes) * load<f64>(t + <usize>c * bytes)
    store<f64>(t + at, sum * load<f64>(inverse + at))
  }
  while (r > 0) {
    r -= 4
    const at = <usize>r * bytes
    const p0 = factor + <usize>r * rowBytes + at
    const p1 = p0 + rowBytes
    const p2 = p1 + rowBytes
    const p3 = p2 + rowBytes
    const y = t + at
    let a0 = f64x2.splat(0)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let c: usize = 32
    const end = <usize>(m - r) * bytes
    for (; c + 16 <= end; c += 16) {
      const x = v128.load(y + c)
      a0 = f64x2.add(a0, f64x2.mul(x, v128.load(p0 + c)))
      a1 = f64x2.add(a1, f64x2.mul(x, v128.load(p1 + c)))
      a2 = f64x2.add(a2, f64x2.mul(x, v128.load(p2 + c)))
      a3 = f64x2.add(a3, f64x2.mul(x, v128.load(p3 + c)))
    }
    let b0 = load<f64>(f + at) - sumLanes<f64>(a0)
    let b1 = load<f64>(f + at, 8) - sumLanes<f64>(a1)
    let b2 = load<f64>(f + at, 16) - sumLanes<f64>(a2)
    let b3 = load<f64>(f + at, 24) - sumLanes<f64>(a3)
    if (c < end) {
      const x = load<f64>(y + c)
      b0 -= x * load<f64>(p0 + c)
      b1 -= x * load<f64>(p1 + c)
      b2 -= x * load<f64>(p2 + c)
      b3 -= x * load<f64>(p3 + c)
    }
    const i = inverse + at
    const y3 = b3 * load<f64>(i, 24)
    const y2 = (b2 - y3 * load<f64>(p2, 24)) * load<f64>(i, 16)
    const y1 = (b1 - y3 * load<f64>(p1, 24) - y2 * load<f64>(p1, 16)) * load<f64>(i, 8)
    const y0 = (b0 - y3 * load<f64>(p0, 24) - y2 * load<f64>(p0, 16) - y1 * load<f64>(p0, 8)) * load<f64>(i)
    store<f64>(y, y0)
    store<f64>(y, y1, 8)
    store<f64>(y, y2, 16)
    store<f64>(y, y3, 24)
  }
}

/** R⁻¹, row-major with the same pitch, into `out`; the part below the diagonal is not written. m³/6 multiply-adds. */
export function invertTriangle(factor: usize, pitch: i32, inverse: usize, m: i32, out: usize): void {
  const rowBytes = <usize>pitch * bytes
  for (let r = m - 1; r >= 0; r--) {
    const p = factor + <usize>r * rowBytes
    const to = out + <usize>r * rowBytes
    const scale = load<f64>(inverse + <usize>r * bytes)
    memory.fill(to + <usize>r * bytes, 0, <usize>(m - r) * bytes)
    for (let k = r + 1; k < m; k++) {
      const value = load<f64>(p + <usize>k * bytes) * -scale
      const s = f64x2.splat(value)
      const from = out + <usize>k * rowBytes
      let c = <usize>k * bytes
      const end = <usize>m * bytes
      for (; c + 32 <= end; c += 32) {
        v128.store(to + c, f64x2.add(v128.load(to + c), f64x2.mul(s, v128.load(from + c))))
        v128.store(to + c + vector, f64x2.add(v128.load(to + c + vector), f64x2.mul(s, v128.load(from + c + vector))))
      }
      for (; c < end; c += bytes) store<f64>(to + c, load<f64>(to + c) + value * load<f64>(from + c))
    }
    store<f64>(to + <usize>r * bytes, scale)
  }
}
