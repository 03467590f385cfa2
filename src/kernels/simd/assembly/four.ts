/**
 * Blocks of 4×NR, NR = two vectors, for multiplications and additions apart.
 *
 * Eight sums, two vectors of B, four splat numbers of A and a product fill the fifteen registers that V8 leaves of x64's
 * sixteen. A step over k loads 6 times for 16 multiplications and additions, so where a core takes six instructions a
 * cycle it is instructions that bound it, not multipliers: four steps share a counter, a test for interrupts and two
 * additions to addresses, 47 against 42 GFLOP/s in f32 on Zen 4. Each step ends in a branch of its own, for within a
 * stretch without branches V8 moves all loads to the front, and spills.
 *
 * Slower or no faster, in GFLOP/s: V8's own unrolling 42; eight steps 48, at twice the code; A stored as splat vectors 46;
 * blocks of 5×8 and 3×12, in assembler, 48 and 44 where 4×8 in
 * the same order comes to 47 (and to 54 to 59 in better ones, which V8 cannot be told).
 */
import { added, lanes, vector } from './lanes'

export function four<T extends number>(
  a: usize,
  aStrip: usize,
  rows: i32,
  b: usize,
  bStrip: usize,
  columns: i32,
  depth: i32,
  c: usize,
  cStep: usize,
  decay: usize,
): void {
  const aStep = 4 * sizeof<T>()
  for (let i = 0; i < rows; i += 4) {
    let strip = b
    let block = c
    for (let j = 0; j < columns; j += 2 * lanes<T>()) {
      let x = a
      let y = strip
      let c00 = v128.splat<T>(<T>0)
      let c01 = c00
      let c10 = c00
      let c11 = c00
      let c20 = c00
      let c21 = c00
      let c30 = c00
      let c31 = c00
      let left = depth
      while (left > 0) {
        let b0 = v128.load(y)
        let b1 = v128.load(y, vector)
        let s = v128.load_splat<T>(x)
        c00 = v128.add<T>(c00, v128.mul<T>(s, b0))
        c01 = v128.add<T>(c01, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, sizeof<T>())
        c10 = v128.add<T>(c10, v128.mul<T>(s, b0))
        c11 = v128.add<T>(c11, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, 2 * sizeof<T>())
        c20 = v128.add<T>(c20, v128.mul<T>(s, b0))
        c21 = v128.add<T>(c21, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, 3 * sizeof<T>())
        c30 = v128.add<T>(c30, v128.mul<T>(s, b0))
        c31 = v128.add<T>(c31, v128.mul<T>(s, b1))
        if (left === 1) break
        x += aStep
        b0 = v128.load(y, 2 * vector)
        b1 = v128.load(y, 3 * vector)
        s = v128.load_splat<T>(x)
        c00 = v128.add<T>(c00, v128.mul<T>(s, b0))
        c01 = v128.add<T>(c01, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, sizeof<T>())
        c10 = v128.add<T>(c10, v128.mul<T>(s, b0))
        c11 = v128.add<T>(c11, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, 2 * sizeof<T>())
        c20 = v128.add<T>(c20, v128.mul<T>(s, b0))
        c21 = v128.add<T>(c21, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, 3 * sizeof<T>())
        c30 = v128.add<T>(c30, v128.mul<T>(s, b0))
        c31 = v128.add<T>(c31, v128.mul<T>(s, b1))
        if (left === 2) break
        x += aStep
        b0 = v128.load(y, 4 * vector)
        b1 = v128.load(y, 5 * vector)
        s = v128.load_splat<T>(x)
        c00 = v128.add<T>(c00, v128.mul<T>(s, b0))
        c01 = v128.add<T>(c01, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, sizeof<T>())
        c10 = v128.add<T>(c10, v128.mul<T>(s, b0))
        c11 = v128.add<T>(c11, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, 2 * sizeof<T>())
        c20 = v128.add<T>(c20, v128.mul<T>(s, b0))
        c21 = v128.add<T>(c21, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, 3 * sizeof<T>())
        c30 = v128.add<T>(c30, v128.mul<T>(s, b0))
        c31 = v128.add<T>(c31, v128.mul<T>(s, b1))
        if (left === 3) break
        x += aStep
        b0 = v128.load(y, 6 * vector)
        b1 = v128.load(y, 7 * vector)
        s = v128.load_splat<T>(x)
        c00 = v128.add<T>(c00, v128.mul<T>(s, b0))
        c01 = v128.add<T>(c01, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, sizeof<T>())
        c10 = v128.add<T>(c10, v128.mul<T>(s, b0))
        c11 = v128.add<T>(c11, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, 2 * sizeof<T>())
        c20 = v128.add<T>(c20, v128.mul<T>(s, b0))
        c21 = v128.add<T>(c21, v128.mul<T>(s, b1))
        s = v128.load_splat<T>(x, 3 * sizeof<T>())
        c30 = v128.add<T>(c30, v128.mul<T>(s, b0))
        c31 = v128.add<T>(c31, v128.mul<T>(s, b1))
        x += aStep
        y += 8 * vector
        left -= 4
      }
      let at = block
      if (decay !== 0) {
        c00 = added<T>(at, decay, c00)
        c01 = added<T>(at + vector, decay + vector, c01)
        at += cStep
        c10 = added<T>(at, decay, c10)
        c11 = added<T>(at + vector, decay + vector, c11)
        at += cStep
        c20 = added<T>(at, decay, c20)
        c21 = added<T>(at + vector, decay + vector, c21)
        at += cStep
        c30 = added<T>(at, decay, c30)
        c31 = added<T>(at + vector, decay + vector, c31)
        at = block
      }
      v128.store(at, c00)
      v128.store(at, c01, vector)
      at += cStep
      v128.store(at, c10)
      v128.store(at, c11, vector)
      at += cStep
      v128.store(at, c20)
      v128.store(at, c21, vector)
      at += cStep
      v128.store(at, c30)
      v128.store(at, c31, vector)
      strip += bStrip
      block += 2 * vector
    }
    a += aStrip
    c += 4 * cStep
  }
}
