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
