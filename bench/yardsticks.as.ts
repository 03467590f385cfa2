/**
 * AssemblyScript, compiled by yardsticks.mjs: what a processor can do of what the kernels ask of it, and no more.
 *
 * Multiplications and additions: seven chains of products m = m·a, and seven of sums c = c + m. A product, and a sum, takes
 * three or four cycles, so that seven chains of each keep two multipliers and two adders busy, and with `a` they fill the
 * fifteen registers that V8 has. (Chains c = c·a + b, of both at once, come to 82 % of this on Zen 4: too few fit.) Three
 * nested loops, for V8 to unroll the inner one. Built with relaxed SIMD there are fourteen sums
 * c = c + a·a, an instruction each. a is an argument, for V8 would build a constant anew for each instruction.
 */

export function multiply32(count: i32, one: f32): f32 {
  return f32x4.extract_lane(multiply<f32>(count, one), 0)
}

export function multiply64(count: i32, one: f64): f64 {
  return f64x2.extract_lane(multiply<f64>(count, one), 0)
}

export function copy(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes)
}

function multiply<T extends number>(count: i32, one: T): v128 {
  const a = v128.splat<T>(one)
  let m0 = a
  let m1 = a
  let m2 = a
  let m3 = a
  let m4 = a
  let m5 = a
  let m6 = a
  let c0 = a
  let c1 = a
  let c2 = a
  let c3 = a
  let c4 = a
  let c5 = a
  let c6 = a
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 10; j++) {
      for (let k = 0; k < 100; k++) {
        if (ASC_FEATURE_RELAXED_SIMD) {
          c0 = v128.relaxed_madd<T>(a, a, c0)
          c1 = v128.relaxed_madd<T>(a, a, c1)
          c2 = v128.relaxed_madd<T>(a, a, c2)
          c3 = v128.relaxed_madd<T>(a, a, c3)
          c4 = v128.relaxed_madd<T>(a, a, c4)
          c5 = v128.relaxed_madd<T>(a, a, c5)
          c6 = v128.relaxed_madd<T>(a, a, c6)
          m0 = v128.relaxed_madd<T>(a, a, m0)
          m1 = v128.relaxed_madd<T>(a, a, m1)
          m2 = v128.relaxed_madd<T>(a, a, m2)
          m3 = v128.relaxed_madd<T>(a, a, m3)
          m4 = v128.relaxed_madd<T>(a, a, m4)
          m5 = v128.relaxed_madd<T>(a, a, m5)
          m6 = v128.relaxed_madd<T>(a, a, m6)
          continue
        }
        m0 = v128.mul<T>(m0, a)
        c0 = v128.add<T>(c0, m0)
        m1 = v128.mul<T>(m1, a)
        c1 = v128.add<T>(c1, m1)
        m2 = v128.mul<T>(m2, a)
        c2 = v128.add<T>(c2, m2)
        m3 = v128.mul<T>(m3, a)
        c3 = v128.add<T>(c3, m3)
        m4 = v128.mul<T>(m4, a)
        c4 = v128.add<T>(c4, m4)
        m5 = v128.mul<T>(m5, a)
        c5 = v128.add<T>(c5, m5)
        m6 = v128.mul<T>(m6, a)
        c6 = v128.add<T>(c6, m6)
      }
    }
  }
  let sum = v128.add<T>(m0, c0)
  sum = v128.add<T>(sum, v128.add<T>(m1, c1))
  sum = v128.add<T>(sum, v128.add<T>(m2, c2))
  sum = v128.add<T>(sum, v128.add<T>(m3, c3))
  sum = v128.add<T>(sum, v128.add<T>(m4, c4))
  sum = v128.add<T>(sum, v128.add<T>(m5, c5))
  sum = v128.add<T>(sum, v128.add<T>(m6, c6))
  return sum
}
