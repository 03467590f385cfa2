/**
 * e^x for x <= 0, in all lanes at once.
 *
 * x = n·ln 2 + r with |r| <= ln 2/2 (Cody and Waite 1980): ln 2 is split in a high part short enough that n·high is exact,
 * and a low part, so r errs by u·|r| and little more. e^r is its Taylor polynomial, of degree 7 in f32 and 13 in f64: the
 * remainder, at most e^(ln 2/2)·(ln 2/2)^(k+1)/(k+1)! (Lagrange), is under 2^-27 and 2^-57.2, a fraction of u. Evaluated
 * as 1 + (r + r²·q(r)), where the last addition rounds a result of at least 0.707 and what is added errs by little more
 * than u·|r|, e^r is right to 0.5 + 0.5 + 0.2 ulp, rounded up: 1.25 ulp, tested to be under 2.
 *
 * Scaling by 2^n adds n + bias to the exponent, as an integer, and multiplies by 2^-bias: the sum stays a normal number
 * where the result may not be, and the product rounds it once. What is under half the least subnormal comes out as 0,
 * −∞ too.
 */

/** Where e^x rounds to 0: e^-104 < 2^-150, e^-746 < 2^-1075. */
const least32: f32 = -104
const least64: f64 = -746

/** Adding 1.5·2^23 (2^52) rounds to an integer, and leaves it in the lowest bits. */
const rounder32: f32 = 12582912
const rounder64: f64 = 6755399441055744

/** ln 2 in 16 and 33 bits: n has at most 8 and 11, so products are exact. */
const ln2High32: f32 = 0.693145751953125
const ln2Low32: f32 = 1.428606820309417e-6
const ln2High64: f64 = 0.6931471803691238
const ln2Low64: f64 = 1.9082149292705877e-10

export function exp<T extends number>(x: v128): v128 {
  return sizeof<T>() === 4 ? exp32(x) : exp64(x)
}

function exp32(x: v128): v128 {
  x = f32x4.pmax(x, f32x4.splat(least32))
  const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(rounder32))
  const n = f32x4.sub(rounded, f32x4.splat(rounder32))
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(ln2High32)))
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(ln2Low32)))
  let q = f32x4.add(f32x4.mul(r, f32x4.splat(<f32>(1.0 / 5040.0))), f32x4.splat(<f32>(1.0 / 720.0)))
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(<f32>(1.0 / 120.0)))
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(<f32>(1.0 / 24.0)))
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(<f32>(1.0 / 6.0)))
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.5))
  const power = f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), q)))
  const exponent = i32x4.add(i32x4.shl(rounded, 23), i32x4.splat(32 << 23))
  return f32x4.mul(i32x4.add(power, exponent), f32x4.splat(<f32>(1.0 / 4294967296.0)))
}

function exp64(x: v128): v128 {
  x = f64x2.pmax(x, f64x2.splat(least64))
  const rounded = f64x2.add(f64x2.mul(x, f64x2.splat(Math.LOG2E)), f64x2.splat(rounder64))
  const n = f64x2.sub(rounded, f64x2.splat(rounder64))
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(ln2High64)))
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(ln2Low64)))
  let q = f64x2.add(f64x2.mul(r, f64x2.splat(1.0 / 6227020800.0)), f64x2.splat(1.0 / 479001600.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 39916800.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 3628800.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 362880.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 40320.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 5040.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 720.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 120.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 24.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(1.0 / 6.0))
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(0.5))
  const power = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(f64x2.mul(r, r), q)))
  const exponent = i64x2.add(i64x2.shl(rounded, 52), i64x2.splat((<i64>64) << 52))
  return f64x2.mul(i64x2.add(power, exponent), f64x2.splat(1.0 / 18446744073709551616.0))
}
