/**
 * The product at the bottom of everything: a 4×NR block of A·B, NR = two vectors, its sums in registers.
 *
 * Eight sums, two vectors of B and one splat number of A fill eleven of the sixteen registers of x64, and V8 keeps all of
 * them there; blocks of 6×8 and 4×12 spill. A step over k loads 6 times for 16 multiplications and additions, so two
 * multipliers and two adders are what bounds it.
 *
 * Each entry is a running sum over k in order: its error is at most γ_k·Σ|a||b| (Higham 2002, section 3.1).
 */
import { lanes, vector } from './lanes'

/** Rows of A in a block. */
export const blockRows: i32 = 4

/** Columns of B in a block: 8 in f32, 4 in f64. */
export function blockColumns<T extends number>(): i32 {
  return 2 * lanes<T>()
}

/**
 * C = C ⊙ decay + A·B, or A·B where `decay` is 0.
 *
 * @param a entry (r, k) at a + k·aStep + r numbers
 * @param b entry (k, j) at b + k·NR + j numbers
 * @param c entry (r, j) at c + r·cStep + j numbers
 * @param aStep and cStep in bytes
 * @param decay four factors, one for each row of C
 */
export function block<T extends number>(
  a: usize,
  aStep: usize,
  b: usize,
  depth: i32,
  c: usize,
  cStep: usize,
  decay: usize,
): void {
  let c00 = v128.splat<T>(<T>0)
  let c01 = c00
  let c10 = c00
  let c11 = c00
  let c20 = c00
  let c21 = c00
  let c30 = c00
  let c31 = c00
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, vector)
    let x = v128.load_splat<T>(a)
    c00 = v128.add<T>(c00, v128.mul<T>(x, b0))
    c01 = v128.add<T>(c01, v128.mul<T>(x, b1))
    x = v128.load_splat<T>(a, sizeof<T>())
    c10 = v128.add<T>(c10, v128.mul<T>(x, b0))
    c11 = v128.add<T>(c11, v128.mul<T>(x, b1))
    x = v128.load_splat<T>(a, 2 * sizeof<T>())
    c20 = v128.add<T>(c20, v128.mul<T>(x, b0))
    c21 = v128.add<T>(c21, v128.mul<T>(x, b1))
    x = v128.load_splat<T>(a, 3 * sizeof<T>())
    c30 = v128.add<T>(c30, v128.mul<T>(x, b0))
    c31 = v128.add<T>(c31, v128.mul<T>(x, b1))
    a += aStep
    b += 2 * vector
  }
  if (decay !== 0) {
    c00 = added<T>(c, decay, c00)
    c01 = added<T>(c + vector, decay, c01)
    let at = c + cStep
    c10 = added<T>(at, decay + sizeof<T>(), c10)
    c11 = added<T>(at + vector, decay + sizeof<T>(), c11)
    at += cStep
    c20 = added<T>(at, decay + 2 * sizeof<T>(), c20)
    c21 = added<T>(at + vector, decay + 2 * sizeof<T>(), c21)
    at += cStep
    c30 = added<T>(at, decay + 3 * sizeof<T>(), c30)
    c31 = added<T>(at + vector, decay + 3 * sizeof<T>(), c31)
  }
  v128.store(c, c00)
  v128.store(c, c01, vector)
  c += cStep
  v128.store(c, c10)
  v128.store(c, c11, vector)
  c += cStep
  v128.store(c, c20)
  v128.store(c, c21, vector)
  c += cStep
  v128.store(c, c30)
  v128.store(c, c31, vector)
}

function added<T extends number>(c: usize, decay: usize, sum: v128): v128 {
  return v128.add<T>(v128.mul<T>(v128.load(c), v128.load_splat<T>(decay)), sum)
}
