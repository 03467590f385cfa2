/**
 * AssemblyScript, compiled by yardsticks.mjs: multiplications and additions in registers alone, and a copy.
 *
 * Thirteen chains c = c·a + b, with a and b as many as there are registers: a product and a sum take some six cycles, so it
 * takes more than twelve chains to keep two multipliers and two adders busy. Three nested loops, for V8 to unroll the
 * inner one, as in `src/kernels/simd/assembly/block.ts`.
 */

export function multiply32(count: i32): f32 {
  return f32x4.extract_lane(multiply<f32>(count), 0)
}

export function multiply64(count: i32): f64 {
  return f64x2.extract_lane(multiply<f64>(count), 0)
}

export function copy(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes)
}

function multiply<T extends number>(count: i32): v128 {
  const a = i32x4.splat(0x3f00_0000)
  const b = i32x4.splat(0x3f10_0000)
  let c0 = i32x4.splat(0)
  let c1 = i32x4.splat(1)
  let c2 = i32x4.splat(2)
  let c3 = i32x4.splat(3)
  let c4 = i32x4.splat(4)
  let c5 = i32x4.splat(5)
  let c6 = i32x4.splat(6)
  let c7 = i32x4.splat(7)
  let c8 = i32x4.splat(8)
  let c9 = i32x4.splat(9)
  let c10 = i32x4.splat(10)
  let c11 = i32x4.splat(11)
  let c12 = i32x4.splat(12)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 10; j++) {
      for (let k = 0; k < 100; k++) {
        c0 = v128.add<T>(v128.mul<T>(c0, a), b)
        c1 = v128.add<T>(v128.mul<T>(c1, a), b)
        c2 = v128.add<T>(v128.mul<T>(c2, a), b)
        c3 = v128.add<T>(v128.mul<T>(c3, a), b)
        c4 = v128.add<T>(v128.mul<T>(c4, a), b)
        c5 = v128.add<T>(v128.mul<T>(c5, a), b)
        c6 = v128.add<T>(v128.mul<T>(c6, a), b)
        c7 = v128.add<T>(v128.mul<T>(c7, a), b)
        c8 = v128.add<T>(v128.mul<T>(c8, a), b)
        c9 = v128.add<T>(v128.mul<T>(c9, a), b)
        c10 = v128.add<T>(v128.mul<T>(c10, a), b)
        c11 = v128.add<T>(v128.mul<T>(c11, a), b)
        c12 = v128.add<T>(v128.mul<T>(c12, a), b)
      }
    }
  }
  let sum = c0
  sum = v128.add<T>(sum, c1)
  sum = v128.add<T>(sum, c2)
  sum = v128.add<T>(sum, c3)
  sum = v128.add<T>(sum, c4)
  sum = v128.add<T>(sum, c5)
  sum = v128.add<T>(sum, c6)
  sum = v128.add<T>(sum, c7)
  sum = v128.add<T>(sum, c8)
  sum = v128.add<T>(sum, c9)
  sum = v128.add<T>(sum, c10)
  sum = v128.add<T>(sum, c11)
  sum = v128.add<T>(sum, c12)
  return sum
}
