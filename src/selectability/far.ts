/** The keys of a set that its tolerance does not make one with a key. */
import { gamma } from './bounds.ts'
import { add, compare, dyadic, square, subtract, zero } from './exact/dyadic.ts'
import { exponentOf } from './keyset.ts'
import type { KeySet } from './keyset.ts'

/** Squares and sums of such sizes neither overflow nor lose bits to underflow that the bound below does not pay for. */
const [smallest, largest] = [2 ** -960, 2 ** 1000]

/** Key i, first, and the keys farther than the tolerance from it. */
export function farFrom(keys: KeySet, i: number, tolerance: number): KeySet {
  const { data, n, d, bias } = keys
  const kept = [i]
  for (let j = 0; j < n; j++) if (isFarther(keys, i, j, tolerance)) kept.push(j)
  const far = new Float64Array(kept.length * d)
  kept.forEach((j, at) => far.set(data.subarray(j * d, (j + 1) * d), at * d))
  const biases = bias === null ? null : Float64Array.from(kept, (j) => bias[j])
  return { data: far, n: kept.length, d, bias: biases, exponent: exponentOf(far) }
}

/**
 * Whether key j is farther than the tolerance from key i: exactly, where floats leave it open. A difference errs by u, its square by 3 of them in all, and
 * d of them are summed, so a squared distance is off by at most γ_{d+2} of it; the tolerance's square by one more.
 */
function isFarther({ data, d }: KeySet, i: number, j: number, tolerance: number): boolean {
  let sqDist = 0
  for (let c = 0, a = i * d, b = j * d; c < d; c++, a++, b++) sqDist += (data[a] - data[b]) ** 2
  const sqTolerance = tolerance * tolerance
  const room = 2 * gamma(d + 3)
  if (sqTolerance > smallest && sqTolerance < largest && sqDist < largest) {
    if (sqDist > sqTolerance * (1 + room)) return true
    if (sqDist < sqTolerance * (1 - room)) return false
  }
  let exactly = zero
  for (let c = 0, a = i * d, b = j * d; c < d; c++, a++, b++) {
    exactly = add(exactly, square(subtract(dyadic(data[a]), dyadic(data[b]))))
  }
  return compare(exactly, square(dyadic(tolerance))) > 0
}
