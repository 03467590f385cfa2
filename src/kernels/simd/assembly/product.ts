/** Products of packed panels, and of a matrix with a vector. */
import { blockRows, multiply } from './block'
import { lanes, sumLanes, vector } from './lanes'

/**
 * C = A·B, or C + A·B where `ones` is not 0, of packed panels.
 *
 * @param stride bytes from one row of C to the next: room for whole blocks
 * @param ones address of two vectors of ones, or 0
 */
export function product<T extends number>(
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  c: usize,
  stride: usize,
  ones: usize,
): void {
  const aStrip = <usize>(blockRows() * depth) * sizeof<T>()
  multiply<T>(a, aStrip, rows, b, <usize>depth * 2 * vector, columns, depth, c, stride, ones)
}

/** Moves rows of C together, times `factor`: row i from stride·i bytes to columns·i numbers. `to` may be `c` itself. */
export function gather<T extends number>(c: usize, rows: i32, columns: i32, stride: usize, factor: T, to: usize): void {
  const whole = columns - (columns % lanes<T>())
  const times = v128.splat<T>(factor)
  for (let i = 0; i < rows; i++) {
    let from = c + <usize>i * stride
    for (let j = 0; j < whole; j += lanes<T>()) {
      v128.store(to, v128.mul<T>(v128.load(from), times))
      from += vector
      to += vector
    }
    for (let j = whole; j < columns; j++) {
      store<T>(to, <T>(load<T>(from) * factor))
      from += sizeof<T>()
      to += sizeof<T>()
    }
  }
}

/** x·y: four vectors of partial sums, so that no addition waits for another, and an error of γ_(d/(4·lanes) + 5)·Σ|x||y|. */
export function dot<T extends number>(x: usize, y: usize, d: i32): T {
  let s0 = v128.splat<T>(<T>0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  const step = 4 * lanes<T>()
  let c = 0
  for (; c + step <= d; c += step) {
    s0 = v128.add<T>(s0, v128.mul<T>(v128.load(x), v128.load(y)))
    s1 = v128.add<T>(s1, v128.mul<T>(v128.load(x, vector), v128.load(y, vector)))
    s2 = v128.add<T>(s2, v128.mul<T>(v128.load(x, 2 * vector), v128.load(y, 2 * vector)))
    s3 = v128.add<T>(s3, v128.mul<T>(v128.load(x, 3 * vector), v128.load(y, 3 * vector)))
    x += 4 * vector
    y += 4 * vector
  }
  let sum = sumLanes<T>(v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3)))
  for (; c < d; c++) {
    sum = <T>(sum + load<T>(x) * load<T>(y))
    x += sizeof<T>()
    y += sizeof<T>()
  }
  return sum
}

/** out = A·x, row by row. */
export function multiplyVector<T extends number>(a: usize, x: usize, rows: i32, d: i32, out: usize): void {
  for (let i = 0; i < rows; i++) {
    store<T>(out, dot<T>(a, x, d))
    a += <usize>d * sizeof<T>()
    out += sizeof<T>()
  }
}

/** Squares of float64 that underflow err by 2^-1075 each: nothing beside this. */
const leastSquare: f64 = reinterpret<f64>((<i64>(1023 - 960)) << 52)

/**
 * Norm of each row, squares summed in float64 in either type. No square of a float32 leaves the range of float64; where
 * those of a float64 might have, the kernel says so by false, and its caller takes the reference.
 */
export function rowNorms<T extends number>(x: usize, rows: i32, d: i32, out: usize): bool {
  for (let i = 0; i < rows; i++) {
    const square = sizeof<T>() === 4 ? squares(x, d) : <f64>dot<T>(x, x, d)
    if (sizeof<T>() === 8 && !(square >= leastSquare && square < Infinity)) return false
    store<T>(out, <T>sqrt<f64>(square))
    x += <usize>d * sizeof<T>()
    out += sizeof<T>()
  }
  return true
}

/** The sum of squares of a row of float32, in float64. */
function squares(x: usize, d: i32): f64 {
  let s0 = f64x2.splat(0)
  let s1 = s0
  let c = 0
  for (; c + 4 <= d; c += 4) {
    const low = f64x2.promote_low_f32x4(v128.load64_zero(x))
    const high = f64x2.promote_low_f32x4(v128.load64_zero(x, 8))
    s0 = f64x2.add(s0, f64x2.mul(low, low))
    s1 = f64x2.add(s1, f64x2.mul(high, high))
    x += vector
  }
  let sum = sumLanes<f64>(f64x2.add(s0, s1))
  for (; c < d; c++) {
    const value = <f64>load<f32>(x)
    sum += value * value
    x += 4
  }
  return sum
}
