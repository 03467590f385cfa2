/** The keys of a set that its tolerance does not make one with a key. */
import { add, compare, dyadic, multiply, subtract, zero } from './exact/dyadic.ts'
import { exponentOf } from './keyset.ts'
import type { KeySet } from './keyset.ts'

/** Key i, first, and the keys farther than the tolerance from it, by an exact comparison where floats leave it open. */
export function farFrom({ data, n, d, bias }: KeySet, i: number, tolerance: number): KeySet {
  const kept = [i]
  const sqTolerance = multiply(dyadic(tolerance), dyadic(tolerance))
  for (let j = 0; j < n; j++) {
    let sqDist = zero
    for (let c = 0; c < d; c++) {
      const step = subtract(dyadic(data[j * d + c]), dyadic(data[i * d + c]))
      sqDist = add(sqDist, multiply(step, step))
    }
    if (compare(sqDist, sqTolerance) > 0) kept.push(j)
  }
  const far = new Float64Array(kept.length * d)
  kept.forEach((j, at) => far.set(data.subarray(j * d, (j + 1) * d), at * d))
  const biases = bias === null ? null : Float64Array.from(kept, (j) => bias[j])
  return { data: far, n: kept.length, d, bias: biases, exponent: exponentOf(far) }
}
