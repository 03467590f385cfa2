/**
 * Blocks of 6×NR, NR = two vectors, for multiply-adds in one instruction.
 *
 * Twelve sums, two vectors of B and a splat number of A fill the fifteen registers that V8 leaves of x64's sixteen. An
 * instruction takes four cycles and two begin in each, so that eight sums, as in `four.ts`, would have to follow one
 * another without a gap: they come to 56 GFLOP/s in f32 where these come to 64, of 67 in registers (Node 24, Sapphire
 * Rapids). Multipliers bound this loop, not instructions: written out two or four times it is no faster.
 *
 * Two branches that are never taken, for numbers do not lie at addresses 1 and 2, end stretches in which V8 up to
 * Node 22 would move all loads to the front and spill: 56 GFLOP/s there instead of 39, and nothing lost in Node 24. After
 * every second number of A, after every one, or in blocks of 5×8 with one branch, Node 22 comes to 49, 57 and 61, but Node 24
 * to 64, 58 and 62.
 */
import { added, fold, lanes, vector } from './lanes'

export function six<T extends number>(
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
  const aStep = 6 * sizeof<T>()
  for (let i = 0; i < rows; i += 6) {
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
      let c40 = c00
      let c41 = c00
      let c50 = c00
      let c51 = c00
      for (let k = 0; k < depth; k++) {
        const b0 = v128.load(y)
        const b1 = v128.load(y, vector)
        let s = v128.load_splat<T>(x)
        c00 = fold<T>(s, b0, c00)
        c01 = fold<T>(s, b1, c01)
        s = v128.load_splat<T>(x, sizeof<T>())
        c10 = fold<T>(s, b0, c10)
        c11 = fold<T>(s, b1, c11)
        if (x === 1) break
        s = v128.load_splat<T>(x, 2 * sizeof<T>())
        c20 = fold<T>(s, b0, c20)
        c21 = fold<T>(s, b1, c21)
        s = v128.load_splat<T>(x, 3 * sizeof<T>())
        c30 = fold<T>(s, b0, c30)
        c31 = fold<T>(s, b1, c31)
        s = v128.load_splat<T>(x, 4 * sizeof<T>())
        c40 = fold<T>(s, b0, c40)
        c41 = fold<T>(s, b1, c41)
        if (x === 2) break
        s = v128.load_splat<T>(x, 5 * sizeof<T>())
        c50 = fold<T>(s, b0, c50)
        c51 = fold<T>(s, b1, c51)
        x += aStep
        y += 2 * vector
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
        at += cStep
        c40 = added<T>(at, decay, c40)
        c41 = added<T>(at + vector, decay + vector, c41)
        at += cStep
        c50 = added<T>(at, decay, c50)
        c51 = added<T>(at + vector, decay + vector, c51)
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
      at += cStep
      v128.store(at, c40)
      v128.store(at, c41, vector)
      at += cStep
      v128.store(at, c50)
      v128.store(at, c51, vector)
      strip += bStrip
      block += 2 * vector
    }
    a += aStrip
    c += 6 * cStep
  }
}
