/**
 * Weights that give a key exactly, near those that give it to rounding: the proof of a bound without a norm limit.
 *
 * Of a face of rank r, r + 1 rivals are chosen that carry much weight and span it (or span the rivals that have any weight). With the other weights as they are, theirs follow from
 * `Σ w a = 0` and `Σ w = 1`, which is solved exactly; if they come out positive, rounding them is all that is lost.
 */
import { commonIntegers, ratio } from '../exact/dyadic.ts'
import { integerKeys, minus } from '../exact/integers.ts'
import { solveUnique } from '../exact/padic.ts'
import { pivots } from '../face.ts'
import type { KeySet } from '../keyset.ts'
import type { Rivals } from '../rivals.ts'
import type { Space } from './space.ts'

/**
 * Smaller weights are left out, the least that go first: with them goes less entropy than rounding takes, and where light keys only hold
 * one another up, weights exist without them only.
 */
const negligible = [2 ** -900, 2 ** -90, 2 ** -60]

/** A key just inside the hull needs rivals that carry next to nothing: as a last resort they are chosen after all others. */
const barely = 2 ** -900

/** Exact weights, rounded, or null where there are none on the rivals chosen that are all positive. Complexity: that of an exact solve of r + 1 unknowns. */
export function exactWeights(keys: KeySet, rivals: Rivals, space: Space, weights: Float64Array): Float64Array | null {
  for (const least of negligible) {
    const found = solveNear(
      keys,
      rivals,
      space,
      weights.map((w) => (w > least ? w : 0)),
    )
    if (found !== null) return found
  }
  return solveNear(keys, rivals, space, weights.slice(), barely)
}

/** `near` is where they are sought, and is overwritten. */
function solveNear(
  keys: KeySet,
  rivals: Rivals,
  { points }: Space,
  near: Float64Array,
  least = 0,
): Float64Array | null {
  const { key, indices, m } = rivals
  const { offsets, d: rank } = points
  const widths = new Float64Array(rank)
  for (let at = 0; at < m * rank; at++) widths[at % rank] = Math.max(widths[at % rank], Math.abs(offsets[at]))
  const rows = Array.from({ length: m }, (_, s) =>
    Float64Array.from(
      { length: rank + 1 },
      (_, c) => Math.max(near[s], least) * (c < rank ? offsets[s * rank + c] / widths[c] : 1),
    ),
  )
  const { rows: chosen } = pivots(rows, rank + 1)
  if (chosen.length === 0) return null
  const integers = integerKeys({ ...keys, bias: null }, [key, ...indices])
  const own = integers.rows[0] ?? []
  const differences = integers.rows.slice(1).map((row) => [...minus(row, own), 1n])
  const held = new Set(chosen)
  const given = commonIntegers(near.map((w, s) => (held.has(s) ? 0 : w)))
  const one = given.e <= 0 ? 1n << BigInt(-given.e) : 1n
  const right = own.map(() => 0n)
  right.push(one)
  given.integers.forEach((w, s) => {
    if (w !== 0n) differences[s].forEach((x, c) => (right[c] -= w * x))
  })
  const equations = right.map((_, c) => chosen.map((s) => differences[s][c]))
  const found = solveUnique(equations, right)
  if (found === null || !found.numerators.every((w) => w > 0n)) return null
  chosen.forEach((s, at) => {
    near[s] = ratio({ m: found.numerators[at], e: 0 }, { m: found.denominator * one, e: 0 })
  })
  return near
}
