/**
 * Vectors of 128 bits, four float32 or two float64. Kernels are written once for both: T is f32 or f64, and what the
 * compiler knows of T it decides at compile time.
 */

/** Bytes of a vector. */
export const vector: usize = 16

/** Numbers in a vector. */
export function lanes<T extends number>(): i32 {
  return <i32>(vector / sizeof<T>())
}

/**
 * x·y + z: in one rounding where the module is built with relaxed SIMD and the processor multiplies and adds at once, else
 * in two. An engine keeps to one of them.
 */
export function fold<T extends number>(x: v128, y: v128, z: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.relaxed_madd<T>(x, y, z) : v128.add<T>(z, v128.mul<T>(x, y))
}

/** The vector at `c` times that at `decay`, and a sum. */
export function added<T extends number>(c: usize, decay: usize, sum: v128): v128 {
  return fold<T>(v128.load(c), v128.load(decay), sum)
}

/** The sum of the lanes, pairwise. */
export function sumLanes<T extends number>(x: v128): T {
  if (sizeof<T>() === 4) {
    const half = f32x4.add(x, i32x4.shuffle(x, x, 2, 3, 0, 1))
    return <T>(f32x4.extract_lane(half, 0) + f32x4.extract_lane(half, 1))
  }
  return <T>(f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1))
}

/** The largest lane; no lane is NaN. */
export function maxLanes<T extends number>(x: v128): T {
  if (sizeof<T>() === 4) {
    const half = f32x4.pmax(x, i32x4.shuffle(x, x, 2, 3, 0, 1))
    return <T>max<f32>(f32x4.extract_lane(half, 0), f32x4.extract_lane(half, 1))
  }
  return <T>max<f64>(f64x2.extract_lane(x, 0), f64x2.extract_lane(x, 1))
}
